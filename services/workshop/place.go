package workshop

import (
	"context"
	"strconv"
	"strings"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference/mediation"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// CreatePlace registers a place with the caller's fund.
func (s *Service) CreatePlace(ctx context.Context, r rest.CreatePlaceRequestObject) (rest.CreatePlaceResponseObject, error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.RegisterProvider, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return nil, errMayNotRegister
	}
	put, err := s.putting(ctx, account.Fund, domain.Place{ID: engine.NewID()}, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.places, "place", put.PlaceID, put, func(p domain.Place, _ int) any { return created{p.ID} })
	if err != nil {
		return nil, err
	}
	first, err := engine.Answered[created](done)
	if err != nil {
		return nil, err
	}
	body, err := s.shownPlace(ctx, first.ID)
	return rest.CreatePlace201JSONResponse{Body: body, Headers: rest.CreatePlace201ResponseHeaders{
		ETag: web.ETag("place", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// AmendPlace says what a place is now.
func (s *Service) AmendPlace(ctx context.Context, r rest.AmendPlaceRequestObject) (rest.AmendPlaceResponseObject, error) {
	place, err := s.mayPlace(ctx, policy.AmendProvider, r.ID)
	if err != nil {
		return nil, err
	}
	put, err := s.putting(ctx, place.Fund, place, *r.Body)
	if err != nil {
		return nil, err
	}
	if own := s.Account(ctx); policy.Can(own, policy.RegisterProvider, policy.Resource{Fund: place.Fund}) != policy.Allowed {
		put.ProviderID = place.ProviderID // a provider gives its place to nobody
	}
	put.OnlyKnown = true
	done, err := engine.Command(ctx, s.places, "place", r.ID, put, stateOfPlace)
	if err != nil {
		return nil, err
	}
	body, err := s.shownPlace(ctx, r.ID)
	return rest.AmendPlace200JSONResponse{Body: body, Headers: rest.AmendPlace200ResponseHeaders{
		ETag: web.ETag("place", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// ReportPlace notes that somebody found a place otherwise.
func (s *Service) ReportPlace(ctx context.Context, r rest.ReportPlaceRequestObject) (rest.ReportPlaceResponseObject, error) {
	if _, err := s.mayPlace(ctx, policy.ReportPlace, r.ID); err != nil {
		return nil, err
	}
	report := domain.ReportPlace{PlaceID: r.ID, Reason: r.Body.Reason, Note: strings.TrimSpace(engine.Value(r.Body.Note)), By: web.Account(ctx), At: s.Clock.Now()}
	if report.Note != "" {
		var err error
		if report.NoteKey, err = s.Vault.Mint(ctx); err != nil {
			return nil, err
		}
	}
	done, err := engine.Command(ctx, s.places, "place", r.ID, report, stateOfPlace)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.PlaceState](done)
	return rest.ReportPlace200JSONResponse{Body: body, Headers: rest.ReportPlace200ResponseHeaders{
		ETag: web.ETag("place", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// ClosePlace ends a place.
func (s *Service) ClosePlace(ctx context.Context, r rest.ClosePlaceRequestObject) (rest.ClosePlaceResponseObject, error) {
	if _, err := s.mayPlace(ctx, policy.RegisterProvider, r.ID); err != nil {
		return nil, err
	}
	closing := domain.ClosePlace{PlaceID: r.ID, Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.places, "place", r.ID, closing, stateOfPlace)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.PlaceState](done)
	return rest.ClosePlace200JSONResponse{Body: body, Headers: rest.ClosePlace200ResponseHeaders{
		ETag: web.ETag("place", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// mayPlace is a place on which the caller may do something. One that is out of reach is not there.
func (s *Service) mayPlace(ctx context.Context, action policy.Action, id string) (domain.Place, error) {
	account := s.Account(ctx)
	if !policy.May(account, action) {
		return domain.Place{}, errNeverPlaces
	}
	place, _, err := s.places.Get(ctx, id)
	if err != nil {
		return place, err
	}
	on := policy.Resource{Fund: place.Fund, Department: place.Sheet.Department, Provider: place.ProviderID}
	if place.ID == "" || policy.Can(account, action, on) != policy.Allowed {
		return place, domain.ErrNoPlace
	}
	return place, nil
}

var errNeverPlaces = refusal.New(refusal.Forbidden, "forbidden", "Your role does not look after places. Report what is wrong to the partnership officer of your fund.")

// putting reads what was sent as a line of the schema is read.
func (s *Service) putting(ctx context.Context, fund string, place domain.Place, b rest.NewPlace) (domain.PutPlace, error) {
	columns := columnsOf(b)
	read, wrong := mediation.Read(func(column string) string { return columns[column] })
	faults := refusal.Faults{}
	for _, w := range wrong {
		faults = append(faults, refusal.Fault{Field: memberOf(w.Field), Code: w.Code, Detail: details[w.Code]})
	}
	put := s.put(fund, place, read)
	if put.ProviderID = engine.Value(b.ProviderID); put.ProviderID != "" {
		found, err := s.provider(ctx, put.ProviderID)
		if err != nil {
			return put, err
		}
		if found.ID == "" || found.Fund != fund {
			faults = append(faults, errNoProvider...)
		}
	}
	if err := web.Fault(ctx, faults.OrNil()); err != nil {
		return put, err
	}
	return s.keyed(ctx, place, put)
}

func (s *Service) put(fund string, place domain.Place, read mediation.Place) domain.PutPlace {
	of, _ := s.Directory().Fund(fund)
	return domain.PutPlace{
		PlaceID: place.ID, Fund: fund, Territory: of.Departments, ProviderID: place.ProviderID, Sheet: read.Sheet, Words: read.Words, At: s.Clock.Now(),
	}
}

// keyed gives the words their key, the one that the place has already.
func (s *Service) keyed(ctx context.Context, place domain.Place, put domain.PutPlace) (_ domain.PutPlace, err error) {
	put.By, put.WordsKey = web.Account(ctx), place.WordsKey
	if w := put.Words; put.WordsKey == "" && w.Phone+w.Summary+w.Text+strings.Join(w.Emails, "") != "" {
		put.WordsKey, err = s.Vault.Mint(ctx)
	}
	return put, err
}

func (s *Service) shownPlace(ctx context.Context, id string) (rest.Place, error) {
	p, _, err := s.places.Get(ctx, id)
	return shown(p), err
}

func shown(p domain.Place) rest.Place {
	place := rest.Place(mediation.Show(p.Sheet, p.Words))
	place.ID, place.Fund, place.ProviderID, place.Reports = p.ID, p.Fund, optional(p.ProviderID), p.Reports
	place.Source, place.SourceID = optional(p.Source), optional(p.SourceID)
	if p.Closed {
		place.Status = "closed"
	}
	return place
}

func stateOfPlace(p domain.Place, _ int) any {
	state := rest.PlaceState{ID: p.ID, Status: "open", Reports: p.Reports}
	if p.Closed {
		state.Status = "closed"
	}
	return state
}

// details say what is to be done about a fault of a line.
var details = map[string]string{
	"required": "This is needed.", "too_long": "This is too long.", "bad_format": "This is written otherwise in the schema.",
	"unknown_value": "The schema has no such word. Take one of its list.", "unknown_commune": "No commune of France is called so there. Look for it by name.",
	"ambiguous_commune": "Several communes are called so. Give the code or the postcode.", "bad_coordinate": "Degrees are written as 43.6109.",
	"bad_phone": "Write the number as 04 65 71 34 91 or +33465713491.", "bad_email": "Write the address as accueil@espace.example.", "bad_date": "Write the day as 2021-12-06.",
	"missing_column": "The file needs this column.",
}

// columnsOf names what was sent as the schema does.
func columnsOf(b rest.NewPlace) map[string]string {
	number := func(n *float64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatFloat(*n, 'f', -1, 64)
	}
	list := func(l []string) string { return strings.Join(l, "|") }
	return map[string]string{
		"id": "typed in", "nom": b.Name, "code_insee": b.Insee, "code_postal": engine.Value(b.Postcode), "adresse": engine.Value(b.Street),
		"complement_adresse": engine.Value(b.Complement), "latitude": number(b.Lat), "longitude": number(b.Lon), "pivot": engine.Value(b.Pivot),
		"typologie": list(b.Types), "telephone": engine.Value(b.Phone), "courriels": list(b.Emails), "site_web": list(b.Websites), "horaires": engine.Value(b.Hours),
		"presentation_resume": engine.Value(b.Summary), "presentation_detail": engine.Value(b.Text), "source": engine.Value(b.Collector),
		"itinerance": list(b.Roaming), "structure_parente": engine.Value(b.Parent), "date_maj": engine.Value(b.UpdatedOn), "services": list(b.Services),
		"publics_specifiquement_adresses": list(b.Publics), "prise_en_charge_specifique": list(b.Care), "frais_a_charge": list(b.Costs),
		"dispositif_programmes_nationaux": list(b.Schemes), "formations_labels": list(b.Labels), "autres_formations_labels": engine.Value(b.OtherLabels),
		"modalites_acces": list(b.Access), "modalites_accompagnement": list(b.Support), "fiche_acces_libre": engine.Value(b.AccessSheet),
		"prise_rdv": engine.Value(b.Booking),
	}
}

// members of a body, where they are not called as the column.
var members = map[string]string{
	"nom": "name", "commune": "insee", "code_insee": "insee", "code_postal": "postcode", "adresse": "street", "complement_adresse": "complement", "latitude": "lat",
	"longitude": "lon", "typologie": "types", "telephone": "phone", "courriels": "emails", "site_web": "websites", "horaires": "hours",
	"presentation_resume": "summary", "presentation_detail": "text", "source": "collector", "itinerance": "roaming", "structure_parente": "parent",
	"date_maj": "updated_on", "publics_specifiquement_adresses": "publics", "prise_en_charge_specifique": "care", "frais_a_charge": "costs",
	"dispositif_programmes_nationaux": "schemes", "formations_labels": "labels", "autres_formations_labels": "other_labels", "modalites_acces": "access",
	"modalites_accompagnement": "support", "fiche_acces_libre": "access_sheet", "prise_rdv": "booking",
}

func memberOf(column string) string {
	if member, ok := members[column]; ok {
		return member
	}
	return column
}
