package browsertest

import (
	"context"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// arrivals follows which document the tab shows. A navigation that is given up for another, as by a second click,
// does not count.
type arrivals struct {
	sync.Mutex
	status map[cdp.LoaderID]int
	shown  cdp.LoaderID
	url    string        // of what is shown
	at     string        // of what was loaded last
	loaded chan struct{} // closed when the next document has been loaded
}

func newArrivals() *arrivals {
	return &arrivals{status: map[cdp.LoaderID]int{}, loaded: make(chan struct{})}
}

// hear runs where the browser's messages are read: it must be quick.
func (a *arrivals) hear(event any) {
	a.Lock()
	defer a.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			a.status[e.LoaderID] = int(e.Response.Status)
		}
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" && e.Frame.URL != "about:blank" { // the empty page of a new tab is no arrival
			a.shown, a.url = e.Frame.LoaderID, e.Frame.URL
		}
	case *page.EventLoadEventFired:
		if a.shown != "" {
			a.at = a.url
			close(a.loaded)
			a.loaded = make(chan struct{})
		}
	}
}

// next gives a wait for the document that is loaded after this call; the wait answers with its HTTP status.
func (a *arrivals) next() func(context.Context) (int, error) {
	a.Lock()
	defer a.Unlock()
	loaded := a.loaded
	return func(ctx context.Context) (int, error) {
		select {
		case <-loaded:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		a.Lock()
		defer a.Unlock()
		return a.status[a.shown], nil
	}
}

// until waits for a document whose address begins so, and answers with its HTTP status.
func (a *arrivals) until(ctx context.Context, address string) (int, error) {
	for {
		a.Lock()
		at, status, loaded := a.at, a.status[a.shown], a.loaded
		a.Unlock()
		if strings.HasPrefix(at, address) {
			return status, nil
		}
		select {
		case <-loaded:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}
