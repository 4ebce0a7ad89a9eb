package projections

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// saidRow is something that referent or author wrote, or help that somebody gave on the spot; sealed.
type saidRow struct {
	FlagID         string
	At             time.Time
	What, By       string
	Reason         *string
	Subject        *string
	Box            []byte
	Fact           string
	ID, Kind, Mode string // of help
	Minutes        *int
}

const helpGiven = "helped"

const saidOf = `
select flag_id, at, what, by, reason, subject, box, fact, id, kind, mode, minutes from (
  select t.position, t.flag_id, t.at, t.what, t.by, t.reason, t.subject, t.box, t.fact, '' as id, '' as kind, '' as mode, null::int as minutes
  from model.thread t where t.flag_id = $1
  union all
  select null, a.flag_id, a.at, '` + helpGiven + `', a.by, null, null, a.box, '', a.id, a.kind, a.mode, a.minutes
  from model.help_act a where a.flag_id = $1) said order by position, at, id`

// putSaid fills in what referent and author said to each other, and what was done on the spot, oldest first. What was
// erased is empty.
func (s *Service) putSaid(ctx context.Context, row flagSheet, flag *rest.Flag) error {
	rows, err := all[saidRow](ctx, s, saidOf, row.ID)
	if err != nil {
		return err
	}
	flag.Thread, flag.HelpActs = []rest.ThreadLine{}, []rest.HelpActed{}
	for _, r := range rows {
		if r.What == helpGiven {
			act, err := s.act(ctx, row.Subject, r)
			if err != nil {
				return err
			}
			flag.HelpActs = append(flag.HelpActs, act)
			continue
		}
		line, err := s.threadLine(ctx, r)
		if err != nil {
			return err
		}
		flag.Thread = append(flag.Thread, line)
	}
	return nil
}

func (s *Service) threadLine(ctx context.Context, r saidRow) (l rest.ThreadLine, err error) {
	l = rest.ThreadLine{At: r.At.UTC(), What: r.What, By: r.By, Reason: r.Reason, Fields: []string{}}
	switch r.What {
	case "returned":
		said, err := unsealed[events.Question](ctx, s, r)
		l.Text, l.Fields = known(said.Reason), listOf(said.Fields)
		return l, err
	case "amended":
		said, err := unsealed[events.Amendment](ctx, s, r)
		l.Text = known(said.Note)
		return l, err
	case "reclassified":
		said, err := unsealed[events.Reclassification](ctx, s, r)
		l.From, l.To = known(said.From), known(said.To)
		return l, err
	default:
		said, err := unsealed[events.Note](ctx, s, r)
		l.Text = known(said.Text)
		return l, err
	}
}

// unsealed is what was written, empty when it was erased.
func unsealed[T any](ctx context.Context, s *Service, r saidRow) (T, error) {
	details := events.Shut[T](the(r.Subject), r.Box)
	err := s.Vault.Unseal(ctx, "flag:"+r.FlagID, r.Fact, &details)
	said, _ := details.Value()
	return said, err
}

// reclassifiedIn is the last word of a referent on the institution, until the author amends the sheet.
func reclassifiedIn(thread []rest.ThreadLine) (last *rest.Reclassified) {
	for _, l := range thread {
		if l.What == "reclassified" && l.To != nil {
			last = &rest.Reclassified{From: l.From, To: *l.To, By: l.By, At: l.At}
		}
	}
	return last
}

// putInstitution shows the institution of now: an amended sheet says it itself.
func putInstitution(flag *rest.Flag) {
	for _, l := range flag.Thread {
		if flag.Answers != nil && l.What == "reclassified" && l.To != nil && !amendedAfter(flag.Thread, l.At) {
			flag.Answers.Institution = l.To
		}
	}
}

func amendedAfter(thread []rest.ThreadLine, at time.Time) bool {
	for _, l := range thread {
		if l.What == "amended" && l.At.After(at) {
			return true
		}
	}
	return false
}
