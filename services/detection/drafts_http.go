package detection

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// draftsOf are those of the caller, who has to be somebody who flags people.
func (s *Service) draftsOf(ctx context.Context) (drafts, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.CreateFlag) {
		return drafts{}, errMayNotFlag
	}
	return drafts{s.Engine, account.ID}, nil
}

// ListDrafts gives the drafts of the caller, without what stands in them.
func (s *Service) ListDrafts(ctx context.Context, _ rest.ListDraftsRequestObject) (rest.ListDraftsResponseObject, error) {
	mine, err := s.draftsOf(ctx)
	if err != nil {
		return nil, err
	}
	list, err := mine.list(ctx)
	answer := rest.ListDrafts200JSONResponse{Items: make([]rest.DraftLine, len(list))}
	for i, d := range list {
		answer.Items[i] = d.line()
	}
	return answer, err
}

func (d draft) line() rest.DraftLine {
	return rest.DraftLine{ID: d.ID, SavedAt: d.SavedAt.UTC(), ExpiresAt: d.ExpiresAt.UTC()}
}

// GetDraft gives a draft to its author.
func (s *Service) GetDraft(ctx context.Context, r rest.GetDraftRequestObject) (rest.GetDraftResponseObject, error) {
	mine, err := s.draftsOf(ctx)
	if err != nil {
		return nil, err
	}
	d, sheet, err := mine.get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	body := rest.Draft{ID: d.ID, SavedAt: d.SavedAt.UTC(), ExpiresAt: d.ExpiresAt.UTC(), Sheet: sheet}
	return rest.GetDraft200JSONResponse{Body: body, Headers: rest.GetDraft200ResponseHeaders{ETag: web.ETag("draft", d.Version)}}, nil
}

// SaveDraft keeps a sheet that is not finished. A social security number is not kept: the field for it is left out, and
// anywhere else it is refused.
func (s *Service) SaveDraft(ctx context.Context, r rest.SaveDraftRequestObject) (rest.SaveDraftResponseObject, error) {
	mine, err := s.draftsOf(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := web.IfMatch(ctx, "draft")
	if err != nil {
		return nil, err
	}
	sheet, err := draftSheet(r)
	if err = cmp.Or(err, web.Faulty(ctx)); err != nil {
		return nil, err
	}
	d, err := mine.save(ctx, r.ID, sheet, seen)
	if err != nil {
		return nil, err
	}
	position, err := s.position(ctx)
	return rest.SaveDraft200JSONResponse{Body: d.line(), Headers: rest.SaveDraft200ResponseHeaders{
		ETag: web.ETag("draft", d.Version), PasserellePosition: position,
	}}, err
}

func draftSheet(r rest.SaveDraftRequestObject) ([]byte, error) {
	if person, ok := r.Body.Sheet["person"].(map[string]any); ok {
		delete(person, "nir")
	}
	faults := domain.DraftFaults(r.Body.Sheet)
	if _, err := uuid.Parse(r.ID); err != nil {
		faults = append(faults, refusal.Fault{Field: "id", Code: "not_an_identifier", Detail: "Choose a UUID for the draft."})
	}
	sheet, err := json.Marshal(r.Body.Sheet)
	if err != nil {
		return nil, fmt.Errorf("write a draft: %w", err)
	}
	if len(sheet) > longestDraft {
		faults = append(faults, refusal.Fault{Field: "sheet", Code: "too_long", Detail: "A draft has 64 kB at most."})
	}
	return sheet, faults.OrNil()
}

// DeleteDraft throws a draft away.
func (s *Service) DeleteDraft(ctx context.Context, r rest.DeleteDraftRequestObject) (rest.DeleteDraftResponseObject, error) {
	mine, err := s.draftsOf(ctx)
	if err == nil {
		err = mine.remove(ctx, r.ID)
	}
	if err != nil {
		return nil, err
	}
	position, err := s.position(ctx)
	return rest.DeleteDraft204Response{Headers: rest.DeleteDraft204ResponseHeaders{PasserellePosition: position}}, err
}

// position is that of the last fact: a draft is none.
func (s *Service) position(ctx context.Context) (string, error) {
	head, err := s.Ledger.Head(ctx)
	return web.Position(Name, head.Position), err
}
