// Package accesslog keeps who read or wrote personal data: rows that are only ever added, linked to each other by a
// keyed hash, one chain per service and month. It holds identifiers and codes: no name, no word that was searched.
package accesslog

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"example.org/passerelle/pkg/clock"
)

// What was done.
const (
	Read    = "read"
	Write   = "write"
	Search  = "search"
	Export  = "export"
	Refused = "refused" // and nothing was given
)

// Actions are all of them.
var Actions = []string{Read, Write, Search, Export, Refused}

// Entry is one access.
type Entry struct {
	At        time.Time // given by the log
	Service   string    // given by the log
	Actor     string    // account
	Role      string
	Fund      string // of the actor; empty: of no one fund
	Purpose   string
	Action    string
	What      string   // operation
	Resource  string   // "<kind>:<id>" of the address; empty: none
	Subjects  []string // persons
	Fields    []string // that a search looked at
	RequestID string
}

var (
	// ErrAway: Postgres is out of reach or too slow; the access is not known to be logged.
	ErrAway = errors.New("access log is out of reach")
	// ErrMalformed: an entry is not made of identifiers and codes.
	ErrMalformed = errors.New("access is malformed")
	// ErrNewer: the schema was made by a newer version of this program.
	ErrNewer = errors.New("access log was made by a newer version")
)

// Config says which log.
type Config struct {
	Schema string
	Key    []byte      // of the chains
	Clock  clock.Clock // nil: the machine's
}

func (c Config) now() time.Time {
	if c.Clock == nil {
		return clock.System{}.Now()
	}
	return c.Clock.Now()
}

const (
	maxText     = 255
	maxSubjects = 100_000
	separator   = "," // of subjects and fields on their way into Postgres
)

func (e *Entry) check() error {
	for _, text := range []string{e.Actor, e.Role, e.Fund, e.Purpose, e.What, e.Resource, e.RequestID} {
		if len(text) > maxText || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return fmt.Errorf("%w: a text of %d bytes", ErrMalformed, len(text))
		}
	}
	if !isAction(e.Action) || e.What == "" || len(e.Subjects) > maxSubjects {
		return fmt.Errorf("%w: action %q, operation %q, %d subjects", ErrMalformed, e.Action, e.What, len(e.Subjects))
	}
	for _, codes := range [][]string{e.Subjects, e.Fields} {
		for _, code := range codes {
			if !isCode(code) {
				return fmt.Errorf("%w: a subject or field that is no identifier", ErrMalformed)
			}
		}
	}
	return nil
}

func isAction(action string) bool {
	for _, one := range Actions {
		if one == action {
			return true
		}
	}
	return false
}

// isCode keeps words out: identifiers and names of fields have no spaces and no accents.
func isCode(s string) bool {
	odd := func(c rune) bool {
		return !strings.ContainsRune("-_.:@[]", c) && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}
	return s != "" && len(s) <= maxText && !strings.ContainsFunc(s, odd)
}
