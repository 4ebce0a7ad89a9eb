package detection

import (
	"cmp"
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// SendSignal tells another desk of somebody.
func (s *Service) SendSignal(ctx context.Context, r rest.SendSignalRequestObject) (rest.SendSignalResponseObject, error) {
	if _, err := s.mayTouchFlag(ctx, policy.SendSignal, r.ID); err != nil {
		return nil, err
	}
	send := domain.SendSignal{
		FlagID: r.ID, SignalID: engine.NewID(), ToDesk: r.Body.ToDesk, Topic: r.Body.Topic, Message: engine.Value(r.Body.Message),
		Deadline: engine.Value(r.Body.Deadline), Directory: s.Directory(), By: web.Account(ctx), At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.flags, "flag", r.ID, send, signalOf(send.SignalID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.SignalState](done)
	return rest.SendSignal201JSONResponse{Body: body, Headers: rest.SendSignal201ResponseHeaders{
		ETag: web.ETag("flag", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// AnswerSignal says what the desk that was told does.
func (s *Service) AnswerSignal(ctx context.Context, r rest.AnswerSignalRequestObject) (rest.AnswerSignalResponseObject, error) {
	if err := s.mayAnswerSignal(ctx, r.ID, r.SignalID); err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.flags, "flag", r.ID, answerOf(ctx, s, r), signalOf(r.SignalID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.SignalState](done)
	return rest.AnswerSignal200JSONResponse{Body: body, Headers: rest.AnswerSignal200ResponseHeaders{
		ETag: web.ETag("flag", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func answerOf(ctx context.Context, s *Service, r rest.AnswerSignalRequestObject) flagCommand {
	return domain.AnswerSignal{
		FlagID: r.ID, SignalID: r.SignalID, Answer: r.Body.Status, Text: cmp.Or(engine.Value(r.Body.Result), engine.Value(r.Body.Reason)),
		By: web.Account(ctx), At: s.Clock.Now(),
	}
}

// mayAnswerSignal: the desk that was told answers. Whom it was not told of, it does not learn to exist.
func (s *Service) mayAnswerSignal(ctx context.Context, flagID, id string) error {
	account := s.Account(ctx)
	if !policy.May(account, policy.AnswerSignal) {
		return errNotYourFlags
	}
	flag, err := s.shownFlag(ctx, flagID)
	if err != nil {
		return err
	}
	signal, ok := flag.Signal(id)
	if !ok || policy.Can(account, policy.AnswerSignal, policy.Resource{Fund: flag.Fund, Desk: signal.Desk}) != policy.Allowed {
		return domain.ErrNoSignal
	}
	return nil
}

// signalOf is what is kept for a repetition.
func signalOf(id string) func(domain.Flag, int) any {
	return func(f domain.Flag, _ int) any {
		signal, _ := f.Signal(id)
		return rest.SignalState{
			ID: id, FlagID: f.ID, FromDesk: signal.From, Desk: signal.Desk, Status: signal.Status, Deadline: known(signal.Deadline), AnswerBy: signal.AnswerBy(),
		}
	}
}
