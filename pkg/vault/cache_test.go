package vault

import (
	"testing"
	"time"

	"example.org/passerelle/pkg/clock"
)

func TestWhatWasReadBeforeAKeyWasDestroyedIsNotKeptAfter(t *testing.T) {
	t.Parallel()
	c := newCache(10, time.Minute, clock.System{})
	reading := c.epoch()
	c.destroyed("anna")
	c.put(map[string]entry{"anna": {}}, reading)
	if _, ok := c.get("anna"); ok {
		t.Fatal("an old reading came back after the key was destroyed")
	}
	c.put(map[string]entry{"anna": {}}, c.epoch())
	if _, ok := c.get("anna"); !ok {
		t.Fatal("a new reading is not kept")
	}
}

func TestTheCacheKeepsThoseUsedLast(t *testing.T) {
	t.Parallel()
	c := newCache(2, time.Minute, clock.System{})
	for _, subject := range []string{"anna", "bruno"} {
		c.put(map[string]entry{subject: {}}, 0)
	}
	c.get("anna")
	c.put(map[string]entry{"chloe": {}}, 0)
	for subject, want := range map[string]bool{"anna": true, "bruno": false, "chloe": true} {
		if _, ok := c.get(subject); ok != want {
			t.Errorf("%s is kept: %v", subject, ok)
		}
	}
}
