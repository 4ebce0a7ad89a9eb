package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// ListGrants gives what the programmes of the caller's fund give for good, in numbers.
func (s *Service) ListGrants(ctx context.Context, _ rest.ListGrantsRequestObject) (rest.ListGrantsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadGrant)
	if err != nil {
		return nil, err
	}
	items, err := all[rest.Grant](ctx, s, `
select g.programme, g.version, g.decision, g.quota, l.counted, g.quota - l.counted as free, l.equipped, l.completed, g.minutes, l.minutes_due, l.minutes_used,
  g.connection_months, g.from_day as "from", g.to_day as "to"
from model.grants g join model.granted l on l.programme = g.programme where g.fund = any($1) order by g.from_day desc, g.programme`, s.fundsOf(policy.ReachOf(a, policy.ReadGrant)))
	return rest.ListGrants200JSONResponse{Items: append([]rest.Grant{}, items...)}, err
}

// entitlementRow is an entitlement with the person not opened yet.
type entitlementRow struct {
	sealedPerson

	ID, Programme, FlagID, Status string
	Fund, Derogation, Reason      *string
	Minutes, Used                 int
	ItemID, AssetTag              *string
	ProviderID, Account, Coach    *string
	ConnectionMonths              int
	ConnectionFrom, ConnectionTo  *string
	AlertedAt                     *time.Time
	RequestedAt                   time.Time
	RequestedBy                   string
	ApprovedAt                    *time.Time
}

var grantPerson, grantJoins = personOf("e.person_id")

var entitlementsOf = `select e.id, e.programme, e.flag_id, e.fund, e.status, e.derogation, e.reason, e.minutes, e.used, e.item_id, e.asset_tag,
  e.provider_id, e.account, e.coach,
  coalesce((select g.connection_months from model.grants g where g.programme = e.programme), 0) as connection_months,
  e.connection_from, e.connection_to, e.alerted_at, e.requested_at, e.requested_by, e.approved_at, ` + grantPerson + ` from model.entitlement e` + grantJoins

// ListEntitlements gives those that the caller may see, newest first.
func (s *Service) ListEntitlements(ctx context.Context, request rest.ListEntitlementsRequestObject) (rest.ListEntitlementsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadEntitlement)
	if err != nil {
		return nil, err
	}
	var after equipmentPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.same("e.programme", request.Params.Programme)
	f.same("e.person_id", request.Params.PersonID)
	f.same("e.status", request.Params.Status)
	if !page.First {
		f.and("e.id < ?", after.ID)
	}
	rows, err := all[entitlementRow](ctx, s, entitlementsOf+` where `+f.String()+` order by e.id desc limit `+f.arg(page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r entitlementRow) any { return equipmentPlace{r.ID} })
	items, err := s.entitlements(ctx, a, rows, true)
	return rest.ListEntitlements200JSONResponse{Items: items, Next: next}, err
}

var errNoEntitlement = refusal.New(refusal.NotFound, "unknown_entitlement", "There is no such entitlement. Look for it again in the list.")

// GetEntitlement gives one with all its appointments.
func (s *Service) GetEntitlement(ctx context.Context, request rest.GetEntitlementRequestObject) (rest.GetEntitlementResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadEntitlement)
	if err != nil {
		return nil, err
	}
	row, err := web.Find(ctx, func(ctx context.Context) (entitlementRow, error) {
		return one[entitlementRow](ctx, s, errNoEntitlement, entitlementsOf+` where e.id = $1`, request.ID)
	})
	if err != nil {
		return nil, err
	}
	items, err := s.entitlements(ctx, a, []entitlementRow{row}, false)
	if err != nil {
		return nil, err
	}
	return rest.GetEntitlement200JSONResponse(items[0]), nil
}

// appointmentRow is an appointment of an entitlement.
type appointmentRow struct {
	EntitlementID   string
	Number, Minutes int
	StartsAt        time.Time
	Place, Status   string
	Reason          *string
	Skills          []string
}

func (r appointmentRow) rest() rest.Appointment {
	return rest.Appointment{
		Number: r.Number, StartsAt: r.StartsAt.UTC(), Minutes: r.Minutes, Place: r.Place, Status: r.Status, Reason: r.Reason, Skills: listOf(r.Skills),
	}
}

// entitlements adds persons and appointments: in a list only those that are ahead.
func (s *Service) entitlements(ctx context.Context, a directory.Account, rows []entitlementRow, ahead bool) ([]rest.Entitlement, error) {
	ids := keep(rows, func(r entitlementRow) (string, bool) { return r.ID, true })
	meetings, err := all[appointmentRow](ctx, s, `select entitlement_id, number, starts_at, minutes, place, status, reason, skills from model.appointment
where entitlement_id = any($1) and (status = 'planned' or not $2) order by starts_at, number`, ids, ahead)
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, s, rows)
	items := make([]rest.Entitlement, len(rows))
	for i, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		items[i] = r.rest()
		atHome := false
		for _, m := range meetings {
			if m.EntitlementID == r.ID {
				items[i].Appointments = append(items[i].Appointments, m.rest())
				atHome = atHome || m.Place == "home" && m.Status == "planned"
			}
		}
		items[i].Person = accompanied(persons.details(r.PersonID), atHome && coached(a, r.Coach))
	}
	return items, err
}

func (r entitlementRow) rest() rest.Entitlement {
	e := rest.Entitlement{
		ID: r.ID, Programme: r.Programme, PersonID: the(r.PersonID), FlagID: r.FlagID, Status: r.Status, Derogation: r.Derogation, Reason: r.Reason,
		Minutes: r.Minutes, Used: r.Used, ItemID: r.ItemID, AssetTag: r.AssetTag, ProviderID: r.ProviderID, User: r.Account,
		ConnectionMonths: r.ConnectionMonths, ConnectionFrom: r.ConnectionFrom, ConnectionTo: r.ConnectionTo, ConnectionEnding: r.AlertedAt != nil,
		RequestedAt: r.RequestedAt.UTC(), RequestedBy: r.RequestedBy, Appointments: []rest.Appointment{},
	}
	if r.Status == "approved" || r.Status == "equipped" {
		e.Left = r.Minutes - r.Used
	}
	if r.ApprovedAt != nil {
		day := reference.Day(*r.ApprovedAt)
		e.ApprovedOn = &day
	}
	return e
}

// coached tells whether the caller is the coach.
func coached(a directory.Account, coach *string) bool {
	of := policy.ReachOf(a, policy.Accompany)
	return coach != nil && (slices.Contains(of.Providers, *coach) || slices.Contains(of.Authors, *coach))
}

// accompanied is whom the coach sees or rings. Where they live is said to the coach alone, for a visit at home.
func accompanied(p *rest.PersonDetails, address bool) *rest.Accompanied {
	if p == nil {
		return nil
	}
	who := &rest.Accompanied{GivenName: p.GivenName, FamilyName: p.FamilyName, Phone: p.Phone}
	if address {
		who.Address = p.Address
	}
	return who
}
