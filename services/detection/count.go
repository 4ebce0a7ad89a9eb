package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// CountRefusal counts somebody who does not want to take part in the study.
func (s *Service) CountRefusal(ctx context.Context, r rest.CountRefusalRequestObject) (rest.CountRefusalResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.CreateFlag) {
		return nil, errMayNotFlag
	}
	programme, _ := s.Directory().Programme(r.Body.Programme) // the rules refuse the empty one
	body, position, err := count(ctx, s.refusals, "refusal", func(id string) countCommand {
		return domain.CountRefusal{
			RefusalID: id, Programme: programme, Author: s.authorOf(account), Directory: s.Directory(), Desk: engine.Value(r.Body.Unit),
			FindingDate: r.Body.FindingDate, At: s.Clock.Now(),
		}
	})
	if err != nil {
		return nil, err
	}
	return rest.CountRefusal201JSONResponse{Body: body, Headers: rest.CountRefusal201ResponseHeaders{PasserellePosition: position}}, nil
}

// CountEnquiry counts somebody who only asked.
func (s *Service) CountEnquiry(ctx context.Context, r rest.CountEnquiryRequestObject) (rest.CountEnquiryResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.CreateFlag) {
		return nil, errMayNotFlag
	}
	body, position, err := count(ctx, s.enquiries, "enquiry", func(id string) countCommand {
		return domain.CountEnquiry{
			EnquiryID: id, Author: s.authorOf(account), Directory: s.Directory(), Desk: engine.Value(r.Body.Desk), Insee: r.Body.Insee, Topic: r.Body.Topic, At: s.Clock.Now(),
		}
	})
	if err != nil {
		return nil, err
	}
	return rest.CountEnquiry201JSONResponse{Body: body, Headers: rest.CountEnquiry201ResponseHeaders{PasserellePosition: position}}, nil
}

func count(ctx context.Context, d *counting, kind string, command func(id string) countCommand) (body rest.Counted, position string, err error) {
	id := engine.NewID()
	done, err := engine.Command(ctx, d, kind, id, command(id), func(domain.Counted, int) any { return rest.Counted{ID: id} })
	if err != nil {
		return body, "", err
	}
	body, err = engine.Answered[rest.Counted](done)
	return body, web.Position(Name, done.Position), err
}

// counting is for what is counted one by one: nothing is looked at.
type (
	counting     = decider.Decider[domain.Counted, events.Detection]
	countCommand = decider.Command[domain.Counted, events.Detection]
)

func counter(e *engine.Engine, kind string) *counting {
	return decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Counted, events.Detection]{Kind: kind, Evolve: domain.EvolveCounted})
}
