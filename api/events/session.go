package events

import "time"

// What becomes of a session, beside its seats. All of it is in the stream of the session.

// SessionOpened: a draft takes requests from now on.
type SessionOpened struct {
	SessionID            string    `json:"session_id"`
	Meetings             []Meeting `json:"meetings"`
	RegistrationClosesAt time.Time `json:"registration_closes_at"`
	Labelled             bool      `json:"labelled"`
	By                   string    `json:"by"`
	At                   time.Time `json:"at"`
}

// SessionConfirmed: it takes place: enough people have a seat, or the provider says so.
type SessionConfirmed struct {
	SessionID string    `json:"session_id"`
	By        string    `json:"by,omitempty"` // empty: enough people have a seat
	At        time.Time `json:"at"`
}

// SessionCapacityChanged: there are more seats, or fewer. Nobody loses a seat by it.
type SessionCapacityChanged struct {
	SessionID string    `json:"session_id"`
	Capacity  int       `json:"capacity"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// SessionRescheduled: days or place are other ones. Who has a seat keeps it.
type SessionRescheduled struct {
	SessionID            string    `json:"session_id"`
	Meetings             []Meeting `json:"meetings"`
	Insee                string    `json:"insee,omitempty"`
	Place                string    `json:"place,omitempty"`
	Reason               string    `json:"reason"`
	RegistrationClosesAt time.Time `json:"registration_closes_at"`
	Labelled             bool      `json:"labelled"`
	Status               string    `json:"status"` // at that moment; nothing is due for a draft
	By                   string    `json:"by"`
	At                   time.Time `json:"at"`
}

// SessionAmended: what is told of the session is this from now on.
type SessionAmended struct {
	SessionID          string    `json:"session_id"`
	Title              string    `json:"title"`
	Skills             []string  `json:"skills"`
	Languages          []string  `json:"languages"`
	Accessible         bool      `json:"accessible"`
	LendsEquipment     bool      `json:"lends_equipment"`
	Minimum            int       `json:"minimum"`
	ProjectID          string    `json:"project_id,omitempty"`
	Programmes         []string  `json:"programmes"`
	Audience           Audience  `json:"audience"`
	CostCents          int       `json:"cost_cents"`
	Transport          string    `json:"transport"`
	Level              string    `json:"level,omitempty"`
	Booking            string    `json:"booking"`
	ImmediateSeats     int       `json:"immediate_seats"`
	WaitingLimit       *int      `json:"waiting_limit,omitempty"`
	AssessmentRequired bool      `json:"assessment_required"`
	By                 string    `json:"by"`
	At                 time.Time `json:"at"`
}

// MeetingCancelled: one of the meetings does not take place. The others keep their numbers.
type MeetingCancelled struct {
	SessionID string    `json:"session_id"`
	Meeting   int       `json:"meeting"` // from 1
	Reason    string    `json:"reason"`
	StartsAt  time.Time `json:"starts_at"` // the first of those that are left
	EndsAt    time.Time `json:"ends_at"`   // the last of those that are left
	Labelled  bool      `json:"labelled"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// SessionAdapted: it is held in another way than planned.
type SessionAdapted struct {
	SessionID string    `json:"session_id"`
	Mode      string    `json:"mode"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// OwnSeatsSet: so many seats are kept for the provider's own public, by number and without names.
type OwnSeatsSet struct {
	SessionID string    `json:"session_id"`
	Seats     int       `json:"seats"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// RelaySet: people come together in this place to follow a session at a distance.
type RelaySet struct {
	SessionID string    `json:"session_id"`
	PlaceID   string    `json:"place_id"`
	Seats     int       `json:"seats"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// LastSeatsCalled: three days are left to fill what is free.
type LastSeatsCalled struct {
	SessionID string    `json:"session_id"`
	Free      int       `json:"free"`
	At        time.Time `json:"at"`
}

// RegistrationClosed: nobody is enrolled any more. RequestLapsed and RequestUnserved follow in the same decision.
type RegistrationClosed struct {
	SessionID string    `json:"session_id"`
	By        string    `json:"by,omitempty"` // empty: its time had come
	At        time.Time `json:"at"`
}

// SessionStarted: the first meeting begins.
type SessionStarted struct {
	SessionID string    `json:"session_id"`
	At        time.Time `json:"at"`
}

// SessionCancelled: it does not take place. RequestCancelled follows for everybody in the same decision.
type SessionCancelled struct {
	SessionID string    `json:"session_id"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// SessionStopped: it has begun and does not go on. RequestCancelled follows for everybody in the same decision.
type SessionStopped struct {
	SessionID string    `json:"session_id"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// SessionClosed: it is over. Who has a seat and was not dropped has followed it to its end.
type SessionClosed struct {
	SessionID string    `json:"session_id"`
	By        string    `json:"by,omitempty"` // empty: the last meeting is over, and no paper is wanted
	At        time.Time `json:"at"`
}

// PaperFiled: one of the papers of a labelled session is there: content_plan, evaluation or impact_sheet.
type PaperFiled struct {
	SessionID string    `json:"session_id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"` // what it is called, or where it is kept
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// ServicesPresented: the animators have presented these services.
type ServicesPresented struct {
	SessionID string    `json:"session_id"`
	Services  []string  `json:"services"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// RecordingLinked: a session at a distance can be watched afterwards.
type RecordingLinked struct {
	SessionID string    `json:"session_id"`
	URL       string    `json:"url,omitempty"` // https; empty: not any more
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// AttendanceRecorded: who was at a meeting. A later record of the same meeting takes the place of the one before.
type AttendanceRecorded struct {
	SessionID  string    `json:"session_id"`
	Meeting    int       `json:"meeting"` // from 1
	Present    []string  `json:"present"`
	Excused    []string  `json:"excused"`
	Absent     []string  `json:"absent"`
	OwnPresent int       `json:"own_present"` // of the provider's own public
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// AttendanceCounted: so many followed a meeting whom nobody knows by name. It follows AttendanceRecorded in the same
// decision; a later count of the same meeting takes the place of the one before.
type AttendanceCounted struct {
	SessionID string       `json:"session_id"`
	Meeting   int          `json:"meeting"` // from 1
	AtHome    int          `json:"at_home"`
	Relays    []RelayCount `json:"relays"`
	By        string       `json:"by"`
	At        time.Time    `json:"at"`
}

// RelayCount is how many people came together in one place.
type RelayCount struct {
	PlaceID string `json:"place_id"`
	Present int    `json:"present"`
}

// Stream names the aggregate.
func (e SessionOpened) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionConfirmed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionCapacityChanged) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionRescheduled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionAmended) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e MeetingCancelled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionAdapted) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e OwnSeatsSet) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RelaySet) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e LastSeatsCalled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RegistrationClosed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionStarted) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionCancelled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionStopped) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SessionClosed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e PaperFiled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RecordingLinked) Stream() string   { return "session:" + e.SessionID }
func (e ServicesPresented) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e AttendanceRecorded) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e AttendanceCounted) Stream() string { return "session:" + e.SessionID }

func (SessionOpened) workshop()          {}
func (SessionConfirmed) workshop()       {}
func (SessionCapacityChanged) workshop() {}
func (SessionRescheduled) workshop()     {}
func (SessionAmended) workshop()         {}
func (MeetingCancelled) workshop()       {}
func (SessionAdapted) workshop()         {}
func (OwnSeatsSet) workshop()            {}
func (RelaySet) workshop()               {}
func (LastSeatsCalled) workshop()        {}
func (RegistrationClosed) workshop()     {}
func (SessionStarted) workshop()         {}
func (SessionCancelled) workshop()       {}
func (SessionStopped) workshop()         {}
func (SessionClosed) workshop()          {}
func (PaperFiled) workshop()             {}
func (RecordingLinked) workshop()        {}
func (ServicesPresented) workshop()      {}
func (AttendanceRecorded) workshop()     {}
func (AttendanceCounted) workshop()      {}
