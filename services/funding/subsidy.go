package funding

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

var errUnknownCall = refusal.Faults{{Field: "call", Code: "unknown_call", Detail: "There is no such call."}}

// QuoteTablets says what tablets would bring a structure; nothing is stored.
func (s *Service) QuoteTablets(ctx context.Context, r rest.QuoteTabletsRequestObject) (rest.QuoteTabletsResponseObject, error) {
	fund, b, err := s.holding(ctx, policy.ReadProject, hasCall(r.Body.Call))
	if err != nil {
		return nil, err
	}
	var faults refusal.Faults
	call, ok := b.Call(r.Body.Call)
	if !ok {
		faults = append(faults, errUnknownCall...)
	}
	if !s.sees(ctx, fund)(r.Body.Structure) {
		faults = append(faults, errStructure...)
	}
	if faults != nil {
		return nil, faults
	}
	left := b.Due(call, r.Body.Structure, most)
	return rest.QuoteTablets200JSONResponse{
		AmountCents: b.Due(call, r.Body.Structure, r.Body.Tablets), HadCents: call.TabletCapCents - left, LeftCents: left,
	}, nil
}

// most tablets: more than any cap leaves room for.
const most = 1_000_000

// SubsidiseTablets gives a structure money for tablets, of a decision.
func (s *Service) SubsidiseTablets(ctx context.Context, r rest.SubsidiseTabletsRequestObject) (rest.SubsidiseTabletsResponseObject, error) {
	fund, _, err := s.holding(ctx, policy.ManageFunding, hasCall(r.Body.Call))
	if err != nil {
		return nil, err
	}
	c := domain.SubsidiseTablets{
		Act: s.act(ctx, fund), ID: engine.NewID(), CallID: r.Body.Call, StructureID: r.Body.Structure, Tablets: r.Body.Tablets, DecisionID: r.Body.Decision,
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Subsidy {
		one := last(b.Subsidies, func(one events.TabletsSubsidised) bool { return one.SubsidyID == c.ID })
		return rest.Subsidy{ID: one.SubsidyID, Call: one.CallID, Structure: one.StructureID, Tablets: one.Tablets, Decision: one.DecisionID, AmountCents: one.AmountCents}
	})
	return rest.SubsidiseTablets201JSONResponse{Body: body, Headers: rest.SubsidiseTablets201ResponseHeaders(h)}, err
}
