package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func within(h http.HandlerFunc) *http.Client { return &http.Client{Transport: Inside(h)} }

func TestARequestInsideArrivesAsOverANetwork(t *testing.T) {
	t.Parallel()
	client := within(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.RequestURI+" "+r.Host+" "+r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(http.StatusCreated)
		w.Header().Set("X-Seen", "too late")
		_, _ = io.WriteString(w, "made")
	})
	request, _ := http.NewRequest(http.MethodPost, "http://house/api/v1/flags?limit=2", strings.NewReader("sheet"))
	request.Header.Set("Authorization", "Bearer t")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated || string(body) != "made" {
		t.Error(response.StatusCode, string(body), err)
	}
	if seen := response.Header.Get("X-Seen"); seen != "POST /api/v1/flags?limit=2 house Bearer t sheet" {
		t.Error(seen)
	}
}

func TestAHandlerThatSaysNothingAnswers200(t *testing.T) {
	t.Parallel()
	response, err := within(func(http.ResponseWriter, *http.Request) {}).Get("http://house/")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response, err)
	}
	response.Body.Close()
}

func TestAnAnswerInsideIsReadWhileItIsWritten(t *testing.T) {
	t.Parallel()
	left := make(chan error, 1)
	response, err := within(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // until the reader goes
		_, err := io.WriteString(w, "two")
		left <- err
	}).Get("http://house/live")
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 3)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "one" {
		t.Error(string(first), err)
	}
	response.Body.Close()
	if err := <-left; err == nil {
		t.Error("a write to nobody succeeded")
	}
}

func TestWhoGoesBeforeTheAnswerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(context.Background())
	gone := make(chan struct{})
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://house/", nil)
	response, err := within(func(_ http.ResponseWriter, r *http.Request) {
		leave()
		<-r.Context().Done()
		close(gone)
	}).Do(request)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err == nil {
		response.Body.Close()
	}
	<-gone
}

func TestAHandlerThatBreaksOffIsAnErrorOfTheTransport(t *testing.T) {
	t.Parallel()
	response, err := within(func(http.ResponseWriter, *http.Request) { panic("secret") }).Get("http://house/")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	if err == nil {
		response.Body.Close()
	}
	response, err = within(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	}).Get("http://house/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("half an answer was taken for a whole one")
	}
}
