package portal

import (
	"net/http"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
)

// reviewSheet is a flag as a referent reads it.
type reviewSheet struct {
	flagSheet

	query  string // the filters of the list
	thread []said
	fields []choice
	own    bool   // nobody reviews a flag of their own
	after  string // the next one of the list
}

// said is one turn between the referent and the author.
type said struct {
	When, Who, What, Text string
	Fields                []string
}

func reviewPage(v *visit) error { return v.review(form{values: v.r.URL.Query()}) }

// review shows the sheet, and what is wrong with a decision.
func (v *visit) review(f form) error {
	if !v.user.reviews() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	flag := *answer.JSON200
	s := reviewSheet{flagSheet: v.flagSheet(flag, w), query: filtersOf(f), thread: w.thread(flag), fields: askable, own: flag.Author == v.user.Account}
	f.values.Del("cle") // there are several forms, each with a key of its own
	s.form = f
	s.prepare()
	if s.after, err = v.nextToReview(flag, f); err != nil {
		return err
	}
	title := "Relire le signalement " + flag.Reference
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+title, rereadView(s))
	}
	return v.show(http.StatusOK, title, rereadView(s))
}

// prepare ticks the fields that the hints are about, and the institution as it is.
func (s *reviewSheet) prepare() {
	if s.form.wrong() {
		return
	}
	for _, hint := range s.ReviewHints {
		if field, ok := hintFields[hint]; ok {
			s.form.values.Add("champ", field)
		}
	}
	if s.Answers != nil {
		s.form.values.Set("institution", the(s.Answers.Institution))
	}
}

// hintFields are the fields of the sheet that a hint is about.
var hintFields = map[string]string{"help_place": "answers.help_place", "difficulty_reason": "answers.difficulty_reason"}

// askable are the fields that a referent may ask about again, in the order of the sheet.
var askable = askableFields()

func askableFields() (list []choice) {
	for _, e := range flagEntries {
		for _, part := range []string{"answers.", "profile.", "needs."} {
			if strings.HasPrefix(e.Member, part) && !slices.ContainsFunc(list, func(c choice) bool { return c.Label == e.Label }) {
				list = append(list, choice{Value: e.Member, Label: e.Label})
			}
		}
	}
	return list
}

// fieldLabel is a field of the sheet as the page calls it.
func fieldLabel(member string) string {
	for _, e := range flagEntries {
		if e.Member == member {
			return e.Label
		}
	}
	return member
}

// fieldAnchor is where a field stands on the page.
func fieldAnchor(member string) string {
	for _, e := range flagEntries {
		if e.Member == member {
			return "#" + anchor(e.Input)
		}
	}
	return "#contenu"
}

// nextToReview is the one after this in the list, the oldest when there is none after it; empty when nothing waits.
func (v *visit) nextToReview(flag client.Flag, f form) (string, error) {
	list, err := v.api.ListFlagsWithResponse(v.ctx, waitingFor(form{values: map[string][]string{"unite": {f.value("unite")}, "programme": {f.value("programme")}}}))
	if err != nil {
		return "", err
	}
	programmes, err := v.reviewed()
	first := ""
	for _, one := range list.JSON200.Items {
		switch {
		case one.ID == flag.ID, !programmes[one.Programme]:
		case one.SubmittedAt.After(flag.SubmittedAt):
			return withQuery("/relectures/"+one.ID, filtersOf(f)), nil
		case first == "":
			first = withQuery("/relectures/"+one.ID, filtersOf(f))
		}
	}
	return first, err
}
