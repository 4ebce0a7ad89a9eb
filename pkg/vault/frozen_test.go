package vault

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/testkit"
)

// A box made once opens for ever: the wrapped key of testdata and the boxes in the frozen events were made by the
// first version, with keys that are published.
func TestTheFrozenBoxesOpen(t *testing.T) {
	t.Parallel()
	var keys struct {
		KEK     string `json:"test_kek"`
		Subject string `json:"subject"`
		Wrapped string `json:"wrapped"`
	}
	if err := json.Unmarshal(readFile(t, "testdata/test-keys.json"), &keys); err != nil {
		t.Fatal(err)
	}
	pool, schema := testkit.Pool(t), testkit.Schema(t)
	if err := Provision(t.Context(), pool, schema); err != nil {
		t.Fatal(err)
	}
	_, err := pool.Exec(t.Context(), `insert into `+schema+`.key (subject, wrapped, minted_at) values ($1, $2, now())`, keys.Subject, unhex(t, keys.Wrapped))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Open(t.Context(), pool, Config{Schema: schema, KEK: unhex(t, keys.KEK), Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)

	opened := 0
	for _, name := range events.Names() {
		fact, err := events.Decode(name, readFile(t, "../../api/events/testdata/"+name+".json"), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = events.Encode(fact, func(d events.Details) error {
			opened++
			if err := v.Unseal(t.Context(), fact.Stream(), name, d); err != nil {
				return err
			}
			wantDetails(t, name, d)
			return d.Seal(func([]byte) ([]byte, error) { return nil, nil })
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if opened < 3 {
		t.Fatalf("only %d examples hold details", opened)
	}
}

func wantDetails(t *testing.T, name string, d events.Details) {
	t.Helper()
	var want bytes.Buffer
	if err := json.Compact(&want, readFile(t, "../../api/events/testdata/details/"+name+".json")); err != nil {
		t.Fatal(err)
	}
	err := d.Seal(func(plain []byte) ([]byte, error) {
		if plain = bytes.TrimRight(plain, " "); !bytes.Equal(plain, want.Bytes()) { // a short one is padded
			t.Errorf("%s opened as\n%s\nwant\n%s", name, plain, want.Bytes())
		}
		return []byte{form}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
