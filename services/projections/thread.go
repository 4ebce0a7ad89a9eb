package projections

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// threadRow is something that referent or author wrote, sealed.
type threadRow struct {
	FlagID   string
	At       time.Time
	What, By string
	Reason   *string
	Subject  *string
	Box      []byte
	Fact     string
}

const threadOf = `select t.flag_id, t.at, t.what, t.by, t.reason, t.subject, t.box, t.fact from model.thread t where t.flag_id = $1 order by t.position`

// thread is what referent and author said to each other, oldest first. What was erased is empty.
func (s *Service) thread(ctx context.Context, flag string) ([]rest.ThreadLine, error) {
	rows, err := all[threadRow](ctx, s, threadOf, flag)
	if err != nil {
		return nil, err
	}
	lines := make([]rest.ThreadLine, len(rows))
	for i, r := range rows {
		if lines[i], err = s.threadLine(ctx, r); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func (s *Service) threadLine(ctx context.Context, r threadRow) (l rest.ThreadLine, err error) {
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
func unsealed[T any](ctx context.Context, s *Service, r threadRow) (T, error) {
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
