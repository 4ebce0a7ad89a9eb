package events

import (
	"reflect"
	"time"
)

// Places is any fact the workshop service tells about a place where people are helped, with or without sessions.
//
//sumtype:decl
type Places interface {
	Fact
	places()
}

// PlaceRegistered: this place is known from now on. SourceID is its identifier in the files of its source.
type PlaceRegistered struct {
	PlaceID    string             `json:"place_id"`
	Fund       string             `json:"fund"`
	ProviderID string             `json:"provider_id,omitempty"` // whose place it is, if it has an account here
	Source     string             `json:"source,omitempty"`      // of the file; empty: typed in
	SourceID   string             `json:"source_id,omitempty"`
	Sheet      PlaceSheet         `json:"sheet"`
	By         string             `json:"by"`
	At         time.Time          `json:"at"`
	Words      Sealed[PlaceWords] `json:"words"` // none where nothing was given
}

// PlaceAmended: the place is as stands here from now on; what was reported before is settled.
type PlaceAmended struct {
	PlaceID    string             `json:"place_id"`
	ProviderID string             `json:"provider_id,omitempty"`
	Sheet      PlaceSheet         `json:"sheet"`
	By         string             `json:"by"`
	At         time.Time          `json:"at"`
	Words      Sealed[PlaceWords] `json:"words"`
}

// PlaceReported: somebody was told that the place is not as it stands here.
type PlaceReported struct {
	PlaceID string       `json:"place_id"`
	Reason  string       `json:"reason"` // closed, moved, hours, contact, services, other
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Note    Sealed[Note] `json:"note"`
}

// PlaceClosed: nobody is sent there any more.
type PlaceClosed struct {
	PlaceID string    `json:"place_id"`
	Reason  string    `json:"reason"` // closed, moved, duplicate, error, other
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// PlaceSheet is what everybody may know of a place. Its lists hold words of the schema "lieux de médiation numérique".
type PlaceSheet struct {
	Name       string   `json:"name"`
	Insee      string   `json:"insee"` // of the commune of today
	Department string   `json:"department"`
	Postcode   string   `json:"postcode,omitempty"`
	Street     string   `json:"street,omitempty"`
	Complement string   `json:"complement,omitempty"`
	Lat        float64  `json:"lat,omitempty"`
	Lon        float64  `json:"lon,omitempty"`
	Precision  string   `json:"precision,omitempty"` // place: its own; else that of its commune: geonames, epci, departement
	Pivot      string   `json:"pivot,omitempty"`
	Types      []string `json:"types,omitempty"`
	Websites   []string `json:"websites,omitempty"`
	Hours      string   `json:"hours,omitempty"` // as OpenStreetMap writes them
	Collector  string   `json:"collector,omitempty"`
	Roaming    []string `json:"roaming,omitempty"`
	Parent     string   `json:"parent,omitempty"`
	UpdatedOn  string   `json:"updated_on,omitempty"`
	HasPhone   bool     `json:"has_phone,omitempty"` // the number itself is sealed: it may be somebody's own

	Services    []string `json:"services,omitempty"`
	Publics     []string `json:"publics,omitempty"`
	Care        []string `json:"care,omitempty"`
	Costs       []string `json:"costs,omitempty"`
	Schemes     []string `json:"schemes,omitempty"`
	Labels      []string `json:"labels,omitempty"`
	OtherLabels string   `json:"other_labels,omitempty"`
	Access      []string `json:"access,omitempty"`
	Support     []string `json:"support,omitempty"`
	AccessSheet string   `json:"access_sheet,omitempty"`
	Booking     string   `json:"booking,omitempty"`
}

// PlaceWords is what may name somebody who works there; only ever inside Sealed.
type PlaceWords struct {
	Phone   string   `json:"phone,omitempty"`
	Emails  []string `json:"emails,omitempty"`
	Summary string   `json:"summary,omitempty"`
	Text    string   `json:"text,omitempty"`
}

// Equal says that both tell the same of a place.
func (s PlaceSheet) Equal(other PlaceSheet) bool { return reflect.DeepEqual(s, other) }

// Equal says that both are the same words.
func (w PlaceWords) Equal(other PlaceWords) bool { return reflect.DeepEqual(w, other) }

// Stream names the aggregate.
func (e PlaceRegistered) Stream() string { return "place:" + e.PlaceID }

// Stream names the aggregate.
func (e PlaceAmended) Stream() string { return "place:" + e.PlaceID }

// Stream names the aggregate.
func (e PlaceReported) Stream() string { return "place:" + e.PlaceID }

// Stream names the aggregate.
func (e PlaceClosed) Stream() string { return "place:" + e.PlaceID }

func (PlaceRegistered) places() {}
func (PlaceAmended) places()    {}
func (PlaceReported) places()   {}
func (PlaceClosed) places()     {}
