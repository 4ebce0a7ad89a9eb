package browsertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// faults collects what a person would not see and a developer would in the console.
type faults struct {
	sync.Mutex
	found []string
}

// hear runs where the browser's messages are read: it must be quick.
func (f *faults) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			f.add("console: %s", words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		f.add("exception: %s", exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork { // see the requests below
			f.add("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *network.EventResponseReceived:
		if failed(e) {
			f.add("request: %d %s", e.Response.Status, e.Response.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			f.add("request: %s %s%s", e.Type, e.ErrorText, e.BlockedReason)
		}
	}
}

// failed: the status of a page is the test's business, 422 is how an island shows what is wrong in a form, and the
// browser asks for /favicon.ico by itself where a text names no icon.
func failed(e *network.EventResponseReceived) bool {
	return e.Response.Status >= http.StatusBadRequest && e.Response.Status != http.StatusUnprocessableEntity &&
		e.Type != network.ResourceTypeDocument && !strings.HasSuffix(e.Response.URL, "/favicon.ico")
}

func (f *faults) add(format string, args ...any) {
	f.Lock()
	defer f.Unlock()
	f.found = append(f.found, fmt.Sprintf(format, args...))
}

// ConsoleErrors tells what went wrong in the pages so far: errors and exceptions of scripts, what the content
// security policy refused, requests that failed.
func (b *Tab) ConsoleErrors() []string {
	b.t.Helper()
	ask[int](b, "wait for the console", `0`) // what was said before this answer has been heard
	b.faults.Lock()
	defer b.faults.Unlock()
	return slices.Clone(b.faults.found)
}

func (b *Tab) expectNoFaults() {
	if b.setup.faulty || b.ctx.Err() != nil {
		return
	}
	for _, fault := range b.ConsoleErrors() {
		b.t.Errorf("the page had an error: %s", fault)
	}
}

func words(args []*runtime.RemoteObject) string {
	said := make([]string, len(args))
	for i, arg := range args {
		said[i] = arg.Description
		if arg.Description == "" {
			said[i] = string(arg.Value)
		}
	}
	return strings.Join(said, " ")
}

func exception(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Exception.Description
	}
	return e.Text
}
