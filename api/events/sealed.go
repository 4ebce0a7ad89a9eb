package events

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Sealed holds what describes a person. In memory it is in clear, sealed or erased; as JSON it is only
// ever sealed: writing details that are still in clear is an error.
type Sealed[T any] struct {
	subject string
	box     []byte
	value   T
	state   sealedState
}

type sealedState uint8

const (
	absent sealedState = iota
	inClear
	shut
	erased
)

var (
	// ErrNotSealed says that details in clear were about to leave the process.
	ErrNotSealed = errors.New("details are not sealed")
	// ErrErased is what an opener answers when the subject's key was destroyed on purpose.
	ErrErased = errors.New("details are erased")
	// ErrUnreadable says that details were opened and are of another shape.
	ErrUnreadable = errors.New("details are of another shape")
)

// Details is what the vault sees of a Sealed, whatever is inside.
type Details interface {
	// Subject is the identifier of the key: a person's, or a sheet's without a person. Empty: no details.
	Subject() string
	// Box is the sealed form, nil while in clear.
	Box() []byte
	// Seal turns clear details into their sealed form; sealed ones stay as they are.
	Seal(seal func(plain []byte) (box []byte, err error)) error
	// Open turns sealed details into clear ones; when open answers ErrErased they become erased.
	Open(open func(box []byte) (plain []byte, err error)) error
}

// Clear makes details in clear, to be sealed with the key of subject.
func Clear[T any](subject string, value T) Sealed[T] {
	return Sealed[T]{subject: subject, value: value, state: inClear}
}

// Shut makes details from what a read model kept: the subject and the box.
func Shut[T any](subject string, box []byte) Sealed[T] {
	if subject == "" {
		return Sealed[T]{}
	}
	return Sealed[T]{subject: subject, box: box, state: shut}
}

// Value gives the details, and false when there are none to read: absent, still sealed, or erased.
func (s Sealed[T]) Value() (T, bool) { return s.value, s.state == inClear }

// Erased says that the key was destroyed: nobody will read these details again.
func (s Sealed[T]) Erased() bool { return s.state == erased }

// Subject is the identifier of the key.
func (s Sealed[T]) Subject() string { return s.subject }

// Box is the sealed form, nil while in clear.
func (s Sealed[T]) Box() []byte { return s.box }

// padded are details of which some are made public one day: the length of their box must not tell which.
type padded interface{ paddedTo() int }

// pad adds spaces, which JSON allows at its end, up to the next multiple of what the details ask for.
func pad(plain []byte, details any) []byte {
	if p, ok := details.(padded); ok {
		for len(plain)%p.paddedTo() != 0 {
			plain = append(plain, ' ')
		}
	}
	return plain
}

// Seal turns clear details into their sealed form and forgets the clear one.
func (s *Sealed[T]) Seal(seal func([]byte) ([]byte, error)) error {
	if s.state != inClear {
		return nil
	}
	plain, err := json.Marshal(s.value)
	if err != nil {
		return err
	}
	box, err := seal(pad(plain, s.value))
	if err != nil {
		return err
	}
	*s = Sealed[T]{subject: s.subject, box: box, state: shut}
	return nil
}

// Open turns sealed details into clear ones, or into erased ones.
func (s *Sealed[T]) Open(open func([]byte) ([]byte, error)) error {
	if s.state != shut {
		return nil
	}
	plain, err := open(s.box)
	if errors.Is(err, ErrErased) {
		s.state = erased
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, &s.value); err != nil {
		*s = Shut[T](s.subject, s.box)
		return fmt.Errorf("%w: %s", ErrUnreadable, s.subject) // what json says may quote the details
	}
	s.box, s.state = nil, inClear
	return nil
}

type sealedJSON struct {
	Subject string `json:"subject"`
	Box     []byte `json:"box"`
}

// MarshalJSON writes the sealed form. It answers ErrNotSealed for details in clear.
func (s Sealed[T]) MarshalJSON() ([]byte, error) {
	switch s.state {
	case absent:
		return []byte("null"), nil
	case inClear:
		return nil, ErrNotSealed
	}
	return json.Marshal(sealedJSON{s.subject, s.box})
}

// UnmarshalJSON reads the sealed form.
func (s *Sealed[T]) UnmarshalJSON(data []byte) error {
	*s = Sealed[T]{}
	if string(data) == "null" {
		return nil
	}
	var form sealedJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	*s = Shut[T](form.Subject, form.Box)
	return nil
}

// String keeps details out of logs and error texts.
func (s Sealed[T]) String() string { return "[details of " + s.subject + "]" }

// GoString keeps details out of %#v.
func (s Sealed[T]) GoString() string { return s.String() }
