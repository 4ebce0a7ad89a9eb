package clock

import (
	"testing"
	"time"
)

var noon = time.Date(2021, 12, 6, 12, 0, 0, 0, time.UTC)

func TestALedClockStandsWhereItIsPut(t *testing.T) {
	t.Parallel()
	var c Led
	for _, at := range []time.Time{noon, noon.Add(time.Hour)} {
		c.Set(at)
		if !c.Now().Equal(at) {
			t.Errorf("%s, put at %s", c.Now(), at)
		}
	}
}

func TestALedClockThatWasLetGoIsTheMachines(t *testing.T) {
	t.Parallel()
	var c Led
	for range 2 { // before it is ever put somewhere, and after
		before := System{}.Now()
		if now := c.Now(); now.Before(before) || now.After(System{}.Now()) {
			t.Error(now)
		}
		if c.Moved() != nil {
			t.Error("the machine's clock jumps")
		}
		c.Set(noon)
		c.LetGo()
	}
}

func TestWhoWaitsForALedClockIsWoken(t *testing.T) {
	t.Parallel()
	var c Led
	c.Set(noon)
	moved := c.Moved()
	c.Set(noon.Add(time.Hour))
	awake(t, "put", moved)
	moved = c.Moved()
	c.LetGo()
	awake(t, "let go", moved)
}

func awake(t *testing.T, name string, moved <-chan struct{}) {
	t.Helper()
	select {
	case <-moved:
	default:
		t.Errorf("%s: nobody was woken", name)
	}
}
