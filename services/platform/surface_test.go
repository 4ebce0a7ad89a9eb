package platform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// positions is how far the ledgers go: what did not move was not stored.
func (h *house) stored() (total int64) {
	h.Helper()
	conn := h.database()
	defer conn.Close(context.Background())
	for _, service := range ledgers {
		var n int64
		if err := conn.QueryRow(context.Background(), "select count(*) from "+service+".event").Scan(&n); err != nil {
			h.Fatal(err)
		}
		total += n
	}
	return total
}

// TestWhatIsWrongIsToldAndNotStored: every fault of a body at once, with the code that partners rely on.
func TestWhatIsWrongIsToldAndNotStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	text, err := json.Marshal(senior(1))
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	before := h.stored()
	for name, c := range map[string]struct {
		body   string
		status int
		codes  []string // of the problem, then of its errors
	}{
		"not JSON":        {`{"programme": `, 400, []string{"malformed"}},
		"something after": {good + `{"and": "more"}`, 400, []string{"trailing_content"}},
		"a doubled member": {strings.Replace(good, `"channel":"agency"`, `"channel":"agency","channel":"agency"`, 1), 400,
			[]string{"doubled_member", "doubled_member"}},
		"an unknown member": {strings.Replace(good, `"channel":"agency"`, `"channel":"agency","canal":"agence"`, 1), 400,
			[]string{"unknown_member", "unknown_member"}},
		"three faults": {strings.NewReplacer(`"channel":"agency"`, `"channel":7`, `"institution":"carsat_retraite"`, `"institution":"bank"`,
			"Zénobie", strings.Repeat("z", 101)).Replace(good), 422, []string{"invalid", "wrong_type", "not_in_list", "too_long"}},
		"text in a code that is told in clear": {strings.Replace(good, `"language":"fr"`, `"language":"fr-imaginaire"`, 1), 422,
			[]string{"invalid", "bad_format"}},
		"2 MiB": {good + strings.Repeat(" ", 2<<20), 413, []string{"too_large"}},
	} {
		r := advisor.post(c.status, "/flags", c.body)
		if r.text("code") != c.codes[0] {
			t.Errorf("%s: code %q, want %q: %s", name, r.text("code"), c.codes[0], r.raw)
		}
		for _, code := range c.codes[1:] {
			if !bytes.Contains(r.raw, []byte(`"code":"`+code+`"`)) {
				t.Errorf("%s: no fault %q: %s", name, code, r.raw)
			}
		}
		if media := r.header.Get("Content-Type"); media != "application/problem+json" {
			t.Errorf("%s: %s", name, media)
		}
	}
	if after := h.stored(); after != before {
		t.Errorf("%d events were stored", after-before)
	}
	h.stop()
}

// TestTheSameKeyMakesOneFlag, one after the other and at once.
func TestTheSameKeyMakesOneFlag(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	first := advisor.post(201, "/flags", senior(1), "Idempotency-Key", "one")
	if again := advisor.post(201, "/flags", senior(1), "Idempotency-Key", "one"); !bytes.Equal(again.raw, first.raw) {
		t.Errorf("the same key answers %s, then %s", first.raw, again.raw)
	}
	if r := advisor.post(422, "/flags", senior(2), "Idempotency-Key", "one"); r.text("code") != "key_reused" {
		t.Errorf("another body under the key: %s", r.raw)
	}
	const twins = 20
	answers := make([]reply, twins)
	atOnce(twins, func(i int) { answers[i] = advisor.post(201, "/flags", senior(3), "Idempotency-Key", "two") })
	for _, r := range answers {
		if !bytes.Equal(r.raw, answers[0].raw) {
			t.Errorf("twins answer %s and %s", r.raw, answers[0].raw)
		}
	}
	flags := 0
	for _, e := range h.ledgerOf("detection") {
		if e.Name == "detection.senior-flagged.v1" {
			flags++
		}
	}
	if flags != 2 {
		t.Errorf("%d flags, want 2", flags)
	}
	h.stop()
}

// TestSIGTERMAnswersWhatRuns: no request is cut without an answer, and what was acknowledged is there.
func TestSIGTERMAnswersWhatRuns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	const requests = 200
	var (
		flags    = make([]string, requests)
		answered = make(chan struct{}, requests)
		all      sync.WaitGroup
	)
	all.Go(func() {
		atOnce(requests, func(i int) {
			r, err := advisor.try(http.MethodPost, "/flags", senior(i))
			switch {
			case err != nil:
				t.Errorf("cut without an answer: %v", err)
			case r.status == 201:
				flags[i] = r.text("id")
			case r.status != 503: // an honest no of a house that is too busy: nothing was acknowledged
				t.Errorf("%d %s", r.status, r.raw)
			}
			answered <- struct{}{}
		})
	})
	for range requests / 10 {
		<-answered
	}
	began := time.Now()
	h.stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopped after %s", took)
	}
	all.Wait()
	h.start()
	there := map[string]bool{}
	for _, e := range h.ledgerOf("detection") {
		if id, ok := e.Data["flag_id"].(string); ok {
			there[id] = true
		}
	}
	for _, id := range flags {
		if id != "" && !there[id] {
			t.Errorf("flag %s was acknowledged and is gone", id)
		}
	}
	h.mustOperate("ledger", "verify")
	h.stop()
}

// TestAWrongStartIsOneLineThatSaysWhatToDo for each thing an operator gets wrong first.
func TestAWrongStartIsOneLineThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	elsewhere := freeAddress(t)
	for name, c := range map[string]struct {
		env  string
		want string
	}{
		"folder in use":    {"PASSERELLE_HTTP_ADDR=" + elsewhere, fmt.Sprintf("in use by process %d", h.cmd.Process.Pid)},
		"port taken":       {"PASSERELLE_DATA_DIR=" + filepath.Join(h.dir, "other"), "PASSERELLE_HTTP_ADDR"},
		"wrong demo":       {"PASSERELLE_DEMO=maybe", "PASSERELLE_DEMO"},
		"no demo":          {"PASSERELLE_DEMO=off", "nobody could sign in"},
		"wrong address":    {"PASSERELLE_HTTP_ADDR=8080", "PASSERELLE_HTTP_ADDR"},
		"open to others":   {"PASSERELLE_HTTP_ADDR=0.0.0.0:0", "loopback"},
		"wrong database":   {"PASSERELLE_DATABASE_URL=mysql://somewhere", "PASSERELLE_DATABASE_URL"},
		"database away":    {"PASSERELLE_DATABASE_URL=postgres://me:secret-word@127.0.0.1:1/x", "PASSERELLE_DATABASE_URL: Postgres does not answer"},
		"wrong log":        {"PASSERELLE_LOG=xml", "PASSERELLE_LOG"},
		"wrong rate":       {"PASSERELLE_RATE=many", "rate"},
		"folder is a file": {"PASSERELLE_DATA_DIR=" + filepath.Join(h.dir, "lock"), "PASSERELLE_DATA_DIR"},
	} {
		cmd := h.command("run")
		cmd.Env = append(cmd.Env, c.env)
		if name == "database away" {
			cmd.Env = append(cmd.Env, "PASSERELLE_DATA_DIR="+filepath.Join(h.dir, "another"), "PASSERELLE_HTTP_ADDR="+elsewhere)
		}
		if name == "folder is a file" {
			cmd.Env = append(cmd.Env, "PASSERELLE_HTTP_ADDR="+elsewhere)
		}
		out, err := cmd.CombinedOutput()
		text := strings.TrimSpace(string(out))
		last := text[strings.LastIndex(text, "\n")+1:]
		if err == nil || !strings.HasPrefix(last, "passerelle: ") || !strings.Contains(last, c.want) || strings.Contains(text, "secret-word") {
			t.Errorf("%s: %v: %s", name, err, text)
		}
	}
	h.stop()
}

// TestALostKeyStopsTheStart instead of making every name unreadable.
func TestALostKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.as("advisor-34").post(201, "/flags", senior(1))
	h.stop()
	kek := filepath.Join(h.dir, "secrets", "kek")
	if err := os.Rename(kek, kek+".away"); err != nil {
		t.Fatal(err)
	}
	if err := h.tryStart(); err == nil || !strings.Contains(h.log.String(), "key-encryption key is lost") {
		t.Fatalf("starts without it: %v\n%s", err, h.log)
	}
	if err := os.Rename(kek+".away", kek); err != nil {
		t.Fatal(err)
	}
	h.start()
	h.stop()
}
