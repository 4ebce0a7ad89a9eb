package projections

import (
	"context"

	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// GetCodes gives every code list with its French labels.
func (s *Service) GetCodes(context.Context, rest.GetCodesRequestObject) (rest.GetCodesResponseObject, error) {
	lists := make([]rest.CodeList, 0)
	for _, list := range reference.Codes() {
		codes := make([]rest.Code, len(list.Codes))
		for i, c := range list.Codes {
			codes[i] = rest.Code(c)
		}
		lists = append(lists, rest.CodeList{Name: list.Name, Codes: codes})
	}
	return rest.GetCodes200JSONResponse{Version: reference.CodesVersion, Lists: lists}, nil
}
