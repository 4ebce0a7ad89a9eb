package clock

import (
	"sync/atomic"
	"time"
)

// Led stands where it is put until it is let go, and is the machine's clock from then on. The zero Led was
// let go already. Lead it before anybody waits for it to move.
type Led struct {
	Ahead time.Duration // of the machine's clock, once it was let go; set it before anybody asks

	hand atomic.Pointer[Manual]
}

// Now is where the clock was put, or the present.
func (l *Led) Now() time.Time {
	if hand := l.hand.Load(); hand != nil {
		return hand.Now()
	}
	return System{}.Now().Add(l.Ahead)
}

// Moved is closed at the next Set, and when the clock is let go. One that was let go never jumps.
func (l *Led) Moved() <-chan struct{} {
	if hand := l.hand.Load(); hand != nil {
		return hand.Moved()
	}
	return System{}.Moved()
}

// Set puts the clock somewhere, and it stands there.
func (l *Led) Set(now time.Time) {
	if hand := l.hand.Load(); hand != nil {
		hand.Set(now)
		return
	}
	l.hand.Store(At(now))
}

// LetGo makes the clock the machine's.
func (l *Led) LetGo() {
	if hand := l.hand.Swap(nil); hand != nil {
		hand.Set(hand.Now()) // who waited looks again, and finds the machine's time
	}
}
