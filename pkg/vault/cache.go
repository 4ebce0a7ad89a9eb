package vault

import (
	"container/list"
	"sync"
	"time"

	"example.org/passerelle/pkg/clock"
)

// entry is what is known of a key: unwrapped, destroyed (no key), or broken.
type entry struct {
	key    *dataKey
	broken bool
}

// cache keeps the keys used last, for seconds, so that a key destroyed elsewhere is noticed.
type cache struct {
	size  int
	ttl   time.Duration
	clock clock.Clock

	mu       sync.Mutex
	lines    map[string]*list.Element
	order    *list.List // of line, the one used last in front
	destroys uint64
}

type line struct {
	subject string
	entry   entry
	until   time.Time
}

func newCache(size int, ttl time.Duration, c clock.Clock) *cache {
	return &cache{size: size, ttl: ttl, clock: c, lines: map[string]*list.Element{}, order: list.New()}
}

func (c *cache) get(subject string) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.lines[subject]
	if !ok {
		return entry{}, false
	}
	l := element.Value.(*line)
	if !c.clock.Now().Before(l.until) {
		c.drop(element)
		return entry{}, false
	}
	c.order.MoveToFront(element)
	return l.entry, true
}

// epoch changes with every destroyed key, so that put can tell that what was read may be older than that.
func (c *cache) epoch() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.destroys
}

// put keeps what was read since epoch was before, unless a key was destroyed meanwhile.
func (c *cache) put(entries map[string]entry, before uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroys != before {
		return
	}
	until := c.clock.Now().Add(c.ttl)
	for subject, e := range entries {
		if old, ok := c.lines[subject]; ok {
			c.drop(old)
		}
		c.lines[subject] = c.order.PushFront(&line{subject, e, until})
	}
	for c.order.Len() > c.size {
		c.drop(c.order.Back())
	}
}

func (c *cache) destroyed(subject string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.destroys++
	if element, ok := c.lines[subject]; ok {
		c.drop(element)
	}
}

func (c *cache) drop(element *list.Element) {
	delete(c.lines, element.Value.(*line).subject)
	c.order.Remove(element)
}
