package domain

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// Refusals of what is done with a coach.
var (
	ErrNoCoach       = refusal.New(refusal.Conflict, "no_coach", "Nobody accompanies this person. Name a coach first.")
	ErrNoAppointment = refusal.New(refusal.NotFound, "unknown_appointment", "There is no such appointment.")
	ErrSettled       = refusal.New(refusal.Conflict, "appointment_settled", "This appointment took place, or was missed. Make another one.")
	ErrHoursSpent    = refusal.New(refusal.Invalid, "hours_spent", "That is more than what is left of the promised hours.")
)

// How an appointment went.
const (
	Planned = "planned"
	Done    = "done"
	Missed  = "missed"
)

// Appointment is one that was made. Its number is its place, from 1.
type Appointment struct {
	StartsAt              time.Time
	Minutes               int // planned; used, when it is done
	Where, Status, Reason string
	Skills                []string
}

// Appointments are those of an entitlement, in the order in which they were made.
func (e Entitlement) Appointments() []Appointment { return slices.Clone(e.appointments) }

func (e *Entitlement) planned(m events.AppointmentMade) {
	e.appointments = slices.Clone(e.appointments)
	a := Appointment{StartsAt: m.StartsAt, Minutes: m.Minutes, Where: m.Where, Status: Planned}
	if m.Number <= len(e.appointments) {
		e.appointments[m.Number-1] = a
	} else {
		e.appointments = append(e.appointments, a)
	}
}

func (e *Entitlement) missed(m events.AppointmentMissed) {
	e.appointments = slices.Clone(e.appointments)
	one := &e.appointments[m.Number-1]
	one.Status, one.Reason = Missed, m.Reason
}

func (e *Entitlement) kept(m events.MinutesUsed) {
	if m.Number > 0 {
		e.appointments = slices.Clone(e.appointments)
		one := &e.appointments[m.Number-1]
		one.Status, one.Minutes, one.Skills = Done, m.Minutes, m.Skills
	}
}

// ahead are the minutes of the appointments that were made and are not over.
func (e Entitlement) ahead() (minutes int) {
	for _, a := range e.appointments {
		if a.Status == Planned {
			minutes += a.Minutes
		}
	}
	return minutes
}

func (e Entitlement) appointment(number int) (Appointment, error) {
	if number < 1 || number > len(e.appointments) {
		return Appointment{}, ErrNoAppointment
	}
	return e.appointments[number-1], nil
}

// running finds an entitlement under which something may be done.
func (g Grants) running(id string) (Entitlement, error) {
	e := g.entitlements.Value(id)
	switch {
	case e.ID == "":
		return e, ErrNoEntitlement
	case !e.runs():
		return e, ErrNotApproved
	}
	return e, nil
}

func (e Entitlement) coach() string { return cmp.Or(e.ProviderID, e.Account) }

// NameCoach says who accompanies the person: a provider or an account.
type NameCoach struct {
	EntitlementID, ProviderID, Account, By string
	At                                     time.Time
}

// Decide names the coach.
func (c NameCoach) Decide(g Grants) ([]events.Grant, error) {
	e, err := g.running(c.EntitlementID)
	if err != nil {
		return nil, err
	}
	if (c.ProviderID == "") == (c.Account == "") {
		return nil, refusal.Faults{{Field: "provider_id", Code: "one_of", Detail: "Name a provider or an account, one of them.", Of: "user"}}
	}
	if e.coach() == cmp.Or(c.ProviderID, c.Account) {
		return nil, nil
	}
	return []events.Grant{events.CoachNamed{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, ProviderID: c.ProviderID, Account: c.Account, By: c.By, At: c.At,
	}}, nil
}

// Places of an appointment.
var places = []string{"home", "place", "phone", "video"}

// MakeAppointment makes one, or moves the one with a number.
type MakeAppointment struct {
	EntitlementID string
	Number        int // 0: a new one
	StartsAt      time.Time
	Minutes       int
	Where         string
	By            string
	At            time.Time
}

// Decide makes it within the minutes that are left beside the others that are ahead.
func (m MakeAppointment) Decide(g Grants) ([]events.Grant, error) {
	e, err := g.running(m.EntitlementID)
	if err != nil {
		return nil, err
	}
	number, others := len(e.appointments)+1, e.ahead()
	if m.Number != 0 {
		was, err := e.appointment(m.Number)
		if err != nil {
			return nil, err
		}
		if was.Status != Planned {
			return nil, ErrSettled
		}
		number, others = m.Number, others-was.Minutes
	}
	switch {
	case e.coach() == "":
		return nil, ErrNoCoach
	case m.faults() != nil:
		return nil, m.faults()
	case others+m.Minutes > e.Left():
		return nil, ErrHoursSpent
	}
	return []events.Grant{events.AppointmentMade{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Number: number, StartsAt: m.StartsAt, Minutes: m.Minutes, Where: m.Where, By: m.By, At: m.At,
	}}, nil
}

func (m MakeAppointment) faults() error {
	var faults refusal.Faults
	if m.Minutes < 1 {
		faults = append(faults, refusal.Fault{Field: "minutes", Code: "too_small", Detail: "At least one minute."})
	}
	if !slices.Contains(places, m.Where) {
		faults = append(faults, refusal.Fault{Field: "place", Code: "not_in_list", Detail: fmt.Sprintf("Choose one of %v.", places)})
	}
	if m.StartsAt.IsZero() {
		faults = append(faults, refusal.Fault{Field: "starts_at", Code: "required", Detail: "Say when."})
	}
	return faults.OrNil()
}

// MissAppointment says that one did not take place. It costs no minute.
type MissAppointment struct {
	EntitlementID string
	Number        int
	Reason, By    string
	At            time.Time
}

// Decide says it once.
func (m MissAppointment) Decide(g Grants) ([]events.Grant, error) {
	e, err := g.running(m.EntitlementID)
	if err != nil {
		return nil, err
	}
	a, err := e.appointment(m.Number)
	switch {
	case err != nil:
		return nil, err
	case a.Status != Planned:
		return nil, ErrSettled
	}
	return []events.Grant{events.AppointmentMissed{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Number: m.Number, Reason: m.Reason, By: m.By, At: m.At,
	}}, nil
}

// UseMinutes counts what was done with the person: in an appointment, or without one.
type UseMinutes struct {
	EntitlementID string
	Number        int // of the appointment; 0: there was none
	Minutes       int
	Day           string // in Paris
	Skills        []string
	By            string
	Today         string // in Paris
	At            time.Time
}

// KeepAppointment says that an appointment took place, on its day.
type KeepAppointment struct{ UseMinutes }

// Decide counts what was done that day.
func (k KeepAppointment) Decide(g Grants) ([]events.Grant, error) {
	a, err := g.entitlements.Value(k.EntitlementID).appointment(k.Number)
	if err != nil {
		return nil, err
	}
	k.Day = reference.Day(a.StartsAt)
	return k.UseMinutes.Decide(g)
}

// Decide counts to the minute, from the day of the approval to today, and never over what was promised.
func (u UseMinutes) Decide(g Grants) ([]events.Grant, error) {
	if g.entitlements.Value(u.EntitlementID).Status == Completed {
		return nil, ErrHoursSpent
	}
	e, err := g.running(u.EntitlementID)
	if err != nil {
		return nil, err
	}
	if u.Number != 0 {
		a, err := e.appointment(u.Number)
		if err != nil {
			return nil, err
		}
		if a.Status != Planned {
			return nil, ErrSettled
		}
	}
	switch {
	case u.faults(e) != nil:
		return nil, u.faults(e)
	case u.Minutes > e.Left():
		return nil, ErrHoursSpent
	}
	used := events.MinutesUsed{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Number: u.Number, Minutes: u.Minutes, Day: u.Day, Skills: u.Skills, By: u.By, At: u.At,
	}
	return g.completed([]events.Grant{used}, e.ID, u.At), nil
}

func (u UseMinutes) faults(e Entitlement) error {
	var faults refusal.Faults
	if u.Minutes < 1 {
		faults = append(faults, refusal.Fault{Field: "minutes", Code: "too_small", Detail: "At least one minute."})
	}
	if _, err := time.Parse(time.DateOnly, u.Day); err != nil {
		faults = append(faults, refusal.Fault{Field: "date", Code: "not_a_day", Detail: "Write the day as 2021-11-15."})
	} else if u.Day < e.ApprovedOn || u.Day > u.Today {
		faults = append(faults, refusal.Fault{Field: "date", Code: "out_of_range", Detail: "From the day of the approval to today."})
	}
	return faults.OrNil()
}
