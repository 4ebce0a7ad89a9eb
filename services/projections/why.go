package projections

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// inTurn is how somebody stands on a waiting list.
type inTurn struct {
	Programme, Priority, TogetherWith *string
	AcceptedAt                        *time.Time
}

// turnRow is a seat that was offered, or somebody who joined the list; to whom, or who, is not told.
type turnRow struct {
	Programme, Priority *string
	AcceptedAt          *time.Time
	Position            int64
	At                  time.Time
	What                string
}

const (
	myTurn   = `select programme, priority, case when not may_be_parted then together_with end as together_with, accepted_at from model.referral where id = $1`
	allTurns = `select programme, priority, accepted_at, position, at, what from model.turn where seat_session = $1 order by position`
)

// ExplainReferral says why somebody has the rank they have, and who went first by which rule. Nobody else is named.
func (s *Service) ExplainReferral(ctx context.Context, request rest.ExplainReferralRequestObject) (rest.ExplainReferralResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadReferral)
	if err != nil {
		return nil, err
	}
	row, err := web.Find(ctx, func(ctx context.Context) (referralSheet, error) {
		row, err := one[referralSheet](ctx, s, ErrNoReferral, oneReferral, request.ID)
		web.Concerns(ctx, the(row.PersonID))
		if err == nil && policy.Can(a, policy.ReadReferral, row.resource()) != policy.Allowed {
			err = ErrNoReferral
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	answer, err := s.why(ctx, row)
	return rest.ExplainReferral200JSONResponse(answer), err
}

func (s *Service) why(ctx context.Context, row referralSheet) (answer rest.ReferralWhy, err error) {
	lines, err := s.referralLines(ctx, []referralRow{row.referralRow})
	if err != nil {
		return answer, err
	}
	l := lines[0]
	answer = rest.ReferralWhy{ReferralID: l.ID, SessionID: l.SessionID, Status: l.Status, Rank: l.Rank, Rule: "yes_order", Decisions: []rest.WhyLine{}}
	me, err := one[inTurn](ctx, s, ErrNoReferral, myTurn, row.ID)
	if err != nil {
		return answer, err
	}
	switch {
	case me.unserved():
		answer.Rule = "unserved"
	case me.Priority != nil:
		answer.Rule, answer.Decision = "priority", known(s.decisionOf(me.Programme))
	}
	answer.Text = standing(l.Status, l.Rank) + ruleInFrench(answer)
	mine, err := all[historyRow](ctx, s, historyOfReferral, row.ID)
	if err != nil || l.SessionID == nil {
		return answer, err
	}
	turns, err := all[turnRow](ctx, s, allTurns, *l.SessionID)
	others := slices.DeleteFunc(turns, func(o turnRow) bool {
		return slices.ContainsFunc(mine, func(h historyRow) bool { return h.Service == "workshop" && h.Position == o.Position })
	})
	answer.Decisions = s.decisions(me, mine, others)
	return answer, err
}

// unserved: they come first because they waited in vain the time before.
func (t inTurn) unserved() bool { return the(t.Priority) == "unserved" }

// decisionOf is which decision gives a priority under a programme.
func (s *Service) decisionOf(programme *string) string {
	p, _ := s.Directory().Programme(the(programme))
	return p.Priority.Decision
}

// decisions are those about one person, and those that let somebody else go first while that person waited.
func (s *Service) decisions(me inTurn, mine []historyRow, others []turnRow) []rest.WhyLine {
	mine = slices.DeleteFunc(mine, func(h historyRow) bool { return h.Service != "workshop" || decided[h.What] == "" })
	slices.SortFunc(mine, func(a, b historyRow) int { return cmp.Compare(a.Position, b.Position) })
	w := waiting{Service: s, me: me, list: []rest.WhyLine{}}
	for _, h := range mine {
		for len(others) > 0 && others[0].Position < h.Position {
			w.other(others[0])
			others = others[1:]
		}
		w.own(h)
	}
	for _, o := range others {
		w.other(o)
	}
	return w.list
}

// waiting follows one person through the decisions of a list.
type waiting struct {
	*Service

	me    inTurn
	waits bool
	letGo string // passed, lapsed: the present free seat
	list  []rest.WhyLine
}

func (w *waiting) own(h historyRow) {
	switch h.What {
	case "waiting_list_joined":
		w.waits, w.letGo = true, ""
	case "seat_offered":
		w.letGo = ""
	case "offer_passed":
		w.letGo = "passed"
	case "offer_lapsed":
		w.letGo = "lapsed"
	case "seat_taken", "unserved", "session_cancelled", "request_withdrawn", "declined":
		w.waits = false
	}
	w.list = append(w.list, rest.WhyLine{At: h.At.UTC(), Code: h.What, Text: decided[h.What]})
}

func (w *waiting) other(o turnRow) {
	if !w.waits {
		return
	}
	rule := w.ruleFor(o)
	line := rest.WhyLine{At: o.At.UTC(), Code: "other_offered", Rule: &rule, Text: "Une place s’est libérée et a été proposée à quelqu’un d’autre\u00a0: " + w.because(rule, o) + "."}
	if o.What == "waiting_list_joined" {
		if rule != "priority" && rule != "unserved" {
			return // behind
		}
		line.Code, line.Text = "other_before", "Quelqu’un d’autre est passé devant sur la liste\u00a0: "+w.because(rule, o)+"."
	}
	w.list = append(w.list, line)
}

// ruleFor is why somebody else was asked first.
func (w *waiting) ruleFor(o turnRow) string {
	switch {
	case o.Priority != nil && w.me.Priority == nil && *o.Priority == "unserved":
		return "unserved"
	case o.Priority != nil && w.me.Priority == nil:
		return "priority"
	case w.letGo != "":
		return w.letGo
	case o.AcceptedAt != nil && w.me.AcceptedAt != nil && o.AcceptedAt.Before(*w.me.AcceptedAt):
		return "yes_order"
	case w.me.TogetherWith != nil:
		return "pair"
	}
	return "undone"
}

func (w *waiting) because(rule string, o turnRow) string {
	switch rule {
	case "priority":
		return "le programme fait passer d’abord " + criteria[the(o.Priority)] + " (décision «\u00a0" + w.decisionOf(o.Programme) + "\u00a0»)"
	case "yes_order":
		return "l’atelier lui avait dit oui avant, le " + dayInFrench(*o.AcceptedAt)
	}
	return because[rule]
}

var because = map[string]string{
	"unserved": "la fois d’avant, cette personne avait attendu jusqu’à la clôture sans avoir de place",
	"passed":   "la personne avait laissé passer cette place",
	"lapsed":   "la personne n’avait pas répondu à temps pour cette place",
	"pair":     "une seule place était libre, et il en faut deux ensemble",
	"undone":   "une erreur à son sujet avait été corrigée, et son tour lui a été rendu",
}

var criteria = map[string]string{
	"isolated": "les personnes isolées", "precarious": "les personnes en situation précaire", "no_network": "les personnes sans couverture réseau",
}

// decided are the decisions about the person.
var decided = map[string]string{
	"seat_requested":      "La demande est arrivée à l’atelier.",
	"seat_held":           "Une place libre a été gardée, le temps que l’atelier réponde.",
	"queued":              "Aucune place n’était libre\u00a0: la demande attend son tour, dans l’ordre d’arrivée.",
	"studied":             "L’atelier a demandé plus de temps pour répondre.",
	"hold_ended":          "L’étude de la demande a duré plus longtemps que la place n’est gardée\u00a0: la place est allée à la suite de la liste.",
	"waiting_list_joined": "L’atelier a dit oui et aucune place n’était libre\u00a0: la personne est inscrite sur la liste d’attente.",
	"seat_offered":        "Une place s’est libérée et c’était le tour de la personne\u00a0: elle lui a été proposée.",
	"offer_passed":        "La personne a laissé passer cette place. Elle garde son tour pour la suivante.",
	"offer_lapsed":        "Personne n’a répondu à temps pour cette place. Le tour est gardé une fois\u00a0; ensuite, la personne va à la fin de la liste.",
	"seat_taken":          "La place est attribuée.",
	"declined":            "L’atelier a dit non.",
	"lapsed":              "L’atelier n’a pas répondu à temps.",
	"unserved":            "Les inscriptions ont été closes avant que son tour ne vienne. La prochaine fois, la personne passe en premier.",
	"session_cancelled":   "L’atelier n’a pas lieu.",
	"request_withdrawn":   "La demande a été retirée.",
	"removed":             "L’atelier a retiré la personne de la liste.",
}

func standing(status string, rank *int) string {
	switch {
	case status == "waitlisted" && rank != nil:
		return fmt.Sprintf("La personne est numéro %d sur la liste d’attente. ", *rank)
	case status == "offered":
		return "Une place est proposée à la personne. "
	case status == "enrolled", status == "in_progress", status == "completed":
		return "La personne a une place. "
	case status == "requested", status == "in_study":
		return "L’atelier n’a pas encore répondu. "
	}
	return "La demande est close. "
}

func ruleInFrench(w rest.ReferralWhy) string {
	if w.Rule == "priority" {
		return "Le programme la fait passer d’abord, par la décision «\u00a0" + the(w.Decision) + "\u00a0»."
	}
	if w.Rule == "unserved" {
		return "La fois d’avant, la personne avait attendu en vain\u00a0: cette fois, elle passe en premier."
	}
	return "L’ordre est celui des réponses positives de l’atelier."
}
