package policy

import (
	"slices"
	"strings"

	"example.org/passerelle/pkg/directory"
)

// Right is a cell of the table: what it says, and where it holds.
type Right struct {
	Letter string // d own desk, u own units, o own, f fund; empty: the words say it
	Words  string // as in the table
	French string // the words on screen
	Now    string // what is narrower than the table until an operation exists that needs it
	where  reach
	only   []Action // of the row; empty: all of them
}

// Text is the cell as the table has it.
func (r Right) Text() string { return join(r.Letter, r.Words) }

// Shown is the cell as a screen has it, without its letter.
func (r Right) Shown() string { return join(letters[r.Letter], r.French) }

var letters = map[string]string{"d": "sa structure", "u": "ses unités", "o": "les siens", "f": "toute la caisse"}

func join(first, second string) string {
	switch {
	case first == "" || second == "":
		return first + second
	case strings.HasPrefix(second, ":"), strings.HasPrefix(second, ","), strings.HasPrefix(second, ";"):
		return first + second
	}
	return first + " " + second
}

// The rights without words.
var (
	d = Right{Letter: "d", where: desk}
	u = Right{Letter: "u", where: desk}
	o = Right{Letter: "o", where: author}
	f = Right{Letter: "f", where: fund}
)

// as is the same right with words instead of its letter.
func (r Right) as(words, french string) Right {
	r.Letter, r.Words, r.French = "", words, french
	return r
}

// onlyFor narrows a right to some actions of its row.
func (r Right) onlyFor(actions ...Action) Right {
	r.only = actions
	return r
}

// says adds words, in the table's language and in French.
func (r Right) says(words, french string) Right {
	r.Words, r.French = words, french
	return r
}

// at is the same right, held somewhere else.
func (r Right) at(where reach) Right {
	r.where = where
	return r
}

// later says what an operation to come will widen.
func (r Right) later(now string) Right {
	r.Now = now
	return r
}

// words is a cell without a letter.
func words(text, french string, where reach) Right {
	return Right{Words: text, French: french, where: where}
}

// none of the actions that exist today: the operations come later.
var none = []Action{"later"}

func (r Right) gives(a Action) bool { return len(r.only) == 0 || slices.Contains(r.only, a) }

// reach is where a right holds.
type reach int

const (
	desk       reach = iota + 1 // the desks of the grant
	author                      // what the account made
	territory                   // the departments of the grant
	provider                    // the provider of the grant
	pool                        // the pool of the grant
	deskPool                    // the pools of the grant's desks
	fund                        // the fund of the grant, or all of them
	card                        // the fund, but nothing of another unit of the social service
	deskNotOwn                  // the desks of the grant, but not what the account made
	everywhere                  // it is the same for all
)

// by is one grant of who asks: what one allows, another does not widen.
type by struct {
	account string
	directory.Grant
}

// can decides for one reach.
func (r reach) can(a by, on Resource) Decision {
	switch {
	case !r.holds(a, on):
		return Elsewhere
	case r == deskNotOwn && on.Author == a.account:
		return Own
	}
	return Allowed
}

func (r reach) holds(a by, on Resource) bool {
	switch r {
	case desk, deskNotOwn:
		return has(a.Desks, on.Desk)
	case author:
		return on.Author != "" && on.Author == a.account
	case territory:
		return a.inFund(on) && (on.Department == "" || a.Covers(on.Department))
	case provider:
		return on.Provider != "" && on.Provider == a.Provider
	case pool:
		return on.Pool != "" && on.Pool == a.Pool
	case deskPool:
		return has(a.Desks, on.Pool)
	case fund:
		return a.inFund(on)
	case card:
		return a.inFund(on) && on.Desk != "" && (!on.Unit || has(a.Desks, on.Desk))
	case everywhere:
		return true
	}
	return false
}

func (a by) inFund(on Resource) bool { return on.Fund != "" && (a.Fund == "" || a.Fund == on.Fund) }

func has(list []string, id string) bool { return id != "" && slices.Contains(list, id) }
