package mediation

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference/communes"
)

// Shown is a place as answers of the REST surface have it: their type has these very members.
type Shown struct {
	Access       []string
	AccessSheet  *string
	Booking      *string
	Care         []string
	Collector    *string
	Commune      string
	Complement   *string
	Completeness int
	Costs        []string
	Department   string
	DistanceKm   *float64
	Emails       []string
	Fund         string
	Hours        *string
	ID           string
	Insee        string
	Labels       []string
	Lat          *float64
	Lon          *float64
	Missing      []string
	Name         string
	OtherLabels  *string
	Parent       *string
	Phone        *string
	Pivot        *string
	Postcode     *string
	Precision    *string
	ProviderID   *string
	Publics      []string
	Reports      int
	Roaming      []string
	Schemes      []string
	Services     []string
	Source       *string
	SourceID     *string
	Status       string
	Street       *string
	Summary      *string
	Support      []string
	Text         *string
	Types        []string
	UpdatedOn    *string
	Websites     []string
}

// Show writes what is known of a place for an answer. Whoever asks adds whose it is.
func Show(s events.PlaceSheet, w events.PlaceWords) Shown {
	score, missing := Completeness(s)
	c, _ := communes.Find(s.Insee)
	shown := Shown{
		Access: list(s.Access), AccessSheet: some(s.AccessSheet), Booking: some(s.Booking), Care: list(s.Care), Collector: some(s.Collector),
		Commune: c.Name, Complement: some(s.Complement), Completeness: score, Costs: list(s.Costs), Department: s.Department,
		Emails: list(w.Emails), Hours: some(s.Hours), Insee: s.Insee, Labels: list(s.Labels), Missing: list(missing), Name: s.Name,
		OtherLabels: some(s.OtherLabels), Parent: some(s.Parent), Phone: some(w.Phone), Pivot: some(s.Pivot), Postcode: some(s.Postcode),
		Precision: some(s.Precision), Publics: list(s.Publics), Roaming: list(s.Roaming), Schemes: list(s.Schemes), Services: list(s.Services),
		Status: "open", Street: some(s.Street), Summary: some(w.Summary), Support: list(s.Support), Text: some(w.Text), Types: list(s.Types),
		UpdatedOn: some(s.UpdatedOn), Websites: list(s.Websites),
	}
	if s.Precision != communes.Nowhere {
		shown.Lat, shown.Lon = &s.Lat, &s.Lon
	}
	return shown
}

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// list is never null in an answer.
func list(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}
