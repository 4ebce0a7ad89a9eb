package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// GetRights shows the table that the policy decides by.
func (s *Service) GetRights(ctx context.Context, _ rest.GetRightsRequestObject) (rest.GetRightsResponseObject, error) {
	if _, _, err := s.caller(ctx, policy.ReadCommon); err != nil {
		return nil, err
	}
	table := rest.GetRights200JSONResponse{}
	for _, role := range directory.Roles {
		table.Roles = append(table.Roles, rest.RightsRole{Role: string(role), Label: policy.RoleName(role)})
	}
	for _, row := range policy.Table() {
		line := rest.RightsRow{What: row.French, Rights: []rest.Right{}}
		for _, role := range directory.Roles {
			if right, ok := row.Rights[role]; ok {
				line.Rights = append(line.Rights, rest.Right{Role: string(role), Text: right.Shown()})
			}
		}
		table.Rows = append(table.Rows, line)
	}
	return table, nil
}
