package projections

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// signalRow is what one desk told another of somebody.
type signalRow struct {
	sealedPerson

	ID, FlagID, Reference, Subject, FromDesk, Desk, Status, SentBy string
	Deadline                                                       *string
	SentAt                                                         time.Time
	AnsweredAt                                                     *time.Time
	Box, AnswerBox                                                 []byte
}

var (
	signalPerson, signalJoins = personOf("s.person_id")
	signalColumns             = `select s.id, s.flag_id, s.reference, s.subject, s.from_desk, s.desk, s.status, s.deadline, s.sent_by, s.sent_at, s.answered_at, s.box, s.answer_box, ` +
		signalPerson + ` from model.signal s` + signalJoins
	signalsOfFlag = signalColumns + ` where s.flag_id = $1 and ` + seenSignal + ` order by s.id`
)

func (r signalRow) settled() bool { return r.Status == "done" || r.Status == "refused" }

// answerBy is five working days after it was sent, or the deadline if that comes first.
func (r signalRow) answerBy() string {
	by := reference.Day(reference.WorkingDaysLater(r.SentAt, reference.SignalDays))
	if r.Deadline != nil {
		by = min(by, *r.Deadline)
	}
	return by
}

func (r signalRow) overdue(today string) bool { return !r.settled() && r.answerBy() < today }

// ListSignals gives what a desk was told of, or what it told.
func (s *Service) ListSignals(ctx context.Context, request rest.ListSignalsRequestObject) (rest.ListSignalsResponseObject, error) {
	ctx, _, err := s.atDesk(ctx, policy.ReadSignals, request.ID)
	if err != nil {
		return nil, err
	}
	var after referralPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.and(seenSignal)
	if the(request.Params.Direction) == "out" {
		f.and("s.from_desk = ?", request.ID)
	} else {
		f.and("s.desk = ?", request.ID)
	}
	f.same("s.status", request.Params.Status)
	if !page.First {
		f.and("s.id < ?", after.ID)
	}
	most := f.arg(page.Limit + 1)
	rows, err := all[signalRow](ctx, s, signalColumns+` where `+f.String()+` order by s.id desc limit `+most, f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r signalRow) any { return referralPlace{r.ID} })
	items, err := s.signalLines(ctx, rows)
	return rest.ListSignals200JSONResponse{Items: items, Next: next}, err
}

// atDesk lets those read who may do something for the people of a desk.
func (s *Service) atDesk(ctx context.Context, action policy.Action, id string) (context.Context, directory.Account, error) {
	ctx, a, err := s.caller(ctx, action)
	if err != nil {
		return ctx, a, err
	}
	desk, ok := s.Directory().Desk(id)
	if !ok || policy.Can(a, action, onDesk(desk)) != policy.Allowed {
		return ctx, a, ErrNoDesk
	}
	return ctx, a, nil
}

// signalLines open what was told: who, where to ring, and what about. Nothing of the sheet.
func (s *Service) signalLines(ctx context.Context, rows []signalRow) ([]rest.Signal, error) {
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	today := reference.Day(s.Clock.Now())
	lines := make([]rest.Signal, len(rows))
	for i, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		lines[i] = rest.Signal{
			ID: r.ID, FlagID: r.FlagID, Reference: r.Reference, FromDesk: r.FromDesk, Desk: r.Desk, Status: r.Status, PersonID: r.PersonID,
			Person: persons.name(r.PersonID), Deadline: r.Deadline, AnswerBy: r.answerBy(), Overdue: r.overdue(today), SentBy: r.SentBy,
			SentAt: r.SentAt.UTC(), AnsweredAt: inUTC(r.AnsweredAt),
		}
		if person, ok := persons[the(r.PersonID)].Value(); ok {
			lines[i].Phone = known(person.Phone)
		}
		if err := s.said(ctx, r, &lines[i]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func (s *Service) said(ctx context.Context, r signalRow, line *rest.Signal) (err error) {
	stream := "flag:" + r.FlagID
	if r.Box == nil {
		return nil
	}
	signal := events.Shut[events.Signal](r.Subject, r.Box)
	if err := s.Vault.Unseal(ctx, stream, signalSent, &signal); err != nil {
		return err
	}
	if told, ok := signal.Value(); ok {
		line.Topic, line.Message = known(told.Topic), known(told.Message)
	}
	line.Answer, err = s.text(ctx, stream, signalAnswered, &r.Subject, r.AnswerBox)
	return err
}
