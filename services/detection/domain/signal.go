package domain

import (
	"maps"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// The states of a signal.
const (
	SignalSent     = "sent"
	SignalReceived = "received"
	SignalDone     = "done"
	SignalRefused  = "refused"
)

// Refusals of an answer to a signal.
var (
	ErrNoSignal       = refusal.New(refusal.NotFound, "unknown_signal", "There is no such signal. Look at the list of your desk.")
	ErrSignalAnswered = refusal.New(refusal.Conflict, "signal_answered", "This signal was answered already.")
)

// Signal is one that was sent under a flag.
type Signal struct {
	From, Desk, Status string
	Deadline           string
	SentAt             time.Time
}

// AnswerBy is the day by which the other desk answers.
func (s Signal) AnswerBy() string {
	return reference.Day(reference.WorkingDaysLater(s.SentAt, reference.SignalDays))
}

// SendSignal tells another desk of somebody, with the word of the person.
type SendSignal struct {
	FlagID, SignalID, ToDesk string
	Topic, Message, Deadline string
	Directory                *directory.Directory
	By                       string
	At                       time.Time
}

// Decide tells the signal, or every fault.
func (c SendSignal) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	case f.Help == HelpNone:
		return nil, ErrConsentMissing
	}
	if err := c.faults(f); err != nil {
		return nil, err
	}
	return tell(events.SignalSent{
		FlagID: f.ID, SignalID: c.SignalID, FromDesk: f.Desk, Desk: c.ToDesk, Deadline: c.Deadline, By: c.By, At: c.At,
		Details: events.Clear(f.subject, events.Signal{Topic: c.Topic, Message: c.Message}),
	})
}

func (c SendSignal) faults(f Flag) error {
	s := sheet{}
	from, _ := c.Directory.Desk(f.Desk)
	to, ok := c.Directory.Desk(c.ToDesk)
	ok = ok && to.Fund == f.Fund && !to.Closed && to.ID != f.Desk
	s.fault(!ok, "to_desk", "unknown_desk", "Choose another open desk of your fund.")
	s.fault(ok && !from.Unit() && !to.Unit(), "to_desk", "not_social_service", "Between agencies a flag is transferred. A signal goes to the social service, or comes from there.")
	_, err := time.Parse(day, c.Deadline)
	s.fault(c.Deadline != "" && err != nil, "deadline", "not_a_day", "Write the day as YYYY-MM-DD.")
	s.fault(c.Deadline != "" && err == nil && c.Deadline < reference.Day(c.At), "deadline", "in_past", "The deadline is a day to come.")
	s.fault(c.Topic == "other" && blank(c.Message), "message", "required", "Say what it is about.")
	s.nirInText("message", c.Message)
	return s.faults.OrNil()
}

// AnswerSignal is what the desk that was told says. Text is what was done, or why not.
type AnswerSignal struct {
	FlagID, SignalID, Answer string
	Text                     string
	By                       string
	At                       time.Time
}

// Decide tells the answer. The same one again says nothing new, and what is settled stays.
func (a AnswerSignal) Decide(f Flag) ([]events.Detection, error) {
	signal, ok := f.signals[a.SignalID]
	switch settled := signal.Status == SignalDone || signal.Status == SignalRefused; {
	case !f.exists(), !ok:
		return nil, ErrNoSignal
	case signal.Status == a.Answer:
		return nil, nil
	case settled:
		return nil, ErrSignalAnswered
	}
	s, field := sheet{}, map[string]string{SignalDone: "result", SignalRefused: "reason"}[a.Answer]
	s.fault(field != "" && blank(a.Text), field, "required", "Say it to whoever sent the signal.")
	s.nirInText(field, a.Text)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.SignalAnswered{
		FlagID: f.ID, SignalID: a.SignalID, Answer: a.Answer, By: a.By, At: a.At, Details: events.Clear(f.subject, events.Note{Text: a.Text}),
	})
}

// Signal finds one that was sent under the flag.
func (f Flag) Signal(id string) (Signal, bool) {
	s, ok := f.signals[id]
	return s, ok
}

func (f Flag) signalled(id string, s Signal) Flag {
	f.signals = maps.Clone(f.signals)
	if f.signals == nil {
		f.signals = map[string]Signal{}
	}
	f.signals[id] = s
	return f
}

func (f Flag) signalAnswered(e events.SignalAnswered) Flag {
	s := f.signals[e.SignalID]
	s.Status = e.Answer
	return f.signalled(e.SignalID, s)
}
