package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const secret = "Testine Exemplaire"

func inClearText() Sealed[Message] { return Clear("person-1", Message{Text: secret}) }

// upsideDown stands for a cipher.
func upsideDown(text []byte) ([]byte, error) {
	out := make([]byte, len(text))
	for i, b := range text {
		out[i] = b ^ 0xff
	}
	return out, nil
}

func TestDetailsInClearNeverBecomeJSON(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"alone": inClearText(), "in a fact": RequestDeclined{Message: inClearText()}, "in a list": []any{inClearText()},
	} {
		if data, err := json.Marshal(value); !errors.Is(err, ErrNotSealed) {
			t.Errorf("%s: %s, %v", name, data, err)
		}
	}
	if _, err := Encode(RequestDeclined{Message: inClearText()}, func(Details) error { return nil }); !errors.Is(err, ErrNotSealed) {
		t.Error("a codec that forgets to seal was not stopped:", err)
	}
}

func TestDetailsNeverShowInLogsOrErrors(t *testing.T) {
	t.Parallel()
	fact := RequestDeclined{Message: inClearText()}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("told", "fact", fact, "details", fact.Message)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("told", "fact", fact, "details", fact.Message)
	for _, text := range []string{
		fmt.Sprint(fact), fmt.Sprintf("%v %+v %#v %s %q %x", fact, fact, fact, fact.Message, fact.Message, fact.Message),
		fmt.Sprintf("%v %+v %#v", &fact, &fact, &fact), fmt.Errorf("told %v", fact).Error(), log.String(),
	} {
		if strings.Contains(text, "Testine") || strings.Contains(text, fmt.Sprintf("%x", "Testine")) {
			t.Errorf("shown: %s", text)
		}
	}
}

func TestSealedDetailsComeBackWithTheRightKeyOnly(t *testing.T) {
	t.Parallel()
	d := inClearText()
	if err := d.Seal(upsideDown); err != nil {
		t.Fatal(err)
	}
	if _, readable := d.Value(); readable || d.Box() == nil {
		t.Fatal("sealed details are readable")
	}
	data, err := json.Marshal(d)
	if err != nil || strings.Contains(string(data), "Testine") {
		t.Fatal(string(data), err)
	}
	var stored Sealed[Message]
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	if err := stored.Open(func([]byte) ([]byte, error) { return nil, errors.New("wrong key") }); err == nil {
		t.Fatal("opened with a wrong key")
	}
	if err := stored.Open(upsideDown); err != nil {
		t.Fatal(err)
	}
	if value, readable := stored.Value(); !readable || value.Text != secret || stored.Subject() != "person-1" {
		t.Fatal(value, readable)
	}
}

func TestErasedDetailsAreNeitherReadableNorAnError(t *testing.T) {
	t.Parallel()
	d := Shut[Message]("person-1", []byte("box"))
	if err := d.Open(func([]byte) ([]byte, error) { return nil, fmt.Errorf("key: %w", ErrErased) }); err != nil {
		t.Fatal(err)
	}
	if value, readable := d.Value(); readable || value.Text != "" || !d.Erased() {
		t.Fatal("erased details are readable")
	}
	if _, err := json.Marshal(d); err != nil {
		t.Fatal("an erased fact cannot be written again:", err)
	}
}

func TestDetailsOfAnotherShapeAreNotQuotedInTheError(t *testing.T) {
	t.Parallel()
	d := Shut[Profile]("person-1", []byte("box"))
	err := d.Open(func([]byte) ([]byte, error) { return []byte(`{"age": 4711.5, "sex": "Testine"}`), nil })
	if !errors.Is(err, ErrUnreadable) || strings.Contains(err.Error(), "4711") || strings.Contains(err.Error(), "Testine") {
		t.Fatal(err)
	}
	if _, readable := d.Value(); readable {
		t.Fatal("half-read details are readable")
	}
}

func TestAbsentDetailsAreNull(t *testing.T) {
	t.Parallel()
	data, err := Encode(RequestDeclined{SessionID: "s"}, func(d Details) error { return d.Seal(upsideDown) })
	if err != nil || !strings.Contains(string(data), `"message":null`) {
		t.Fatal(string(data), err)
	}
	fact, err := Decode("workshop.request-declined.v1", data, func(Details) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	message := fact.(RequestDeclined).Message
	if _, readable := message.Value(); readable || message.Subject() != "" {
		t.Fatal("something came from nothing")
	}
}
