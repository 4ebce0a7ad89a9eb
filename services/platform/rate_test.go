package platform_test

import (
	"net/http"
	"strconv"
	"testing"
)

// TestOneClientsHurryIsNotAnothers: PASSERELLE_RATE holds for each client alone, and who comes too often is told when to come back.
func TestOneClientsHurryIsNotAnothers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.env = []string{"PASSERELLE_RATE=0.5"} // and two at once
	h.start()
	hasty, other := h.as("advisor-34"), h.as("advisor-30")
	for n := range 2 {
		if answer, err := hasty.try(http.MethodGet, "/codes", nil); err != nil || answer.status != http.StatusOK {
			t.Fatal(n, answer.status, err)
		}
	}
	refused, err := hasty.try(http.MethodGet, "/codes", nil)
	if wait, _ := strconv.Atoi(refused.header.Get("Retry-After")); err != nil || refused.status != http.StatusTooManyRequests || refused.text("code") != "too_many_requests" || wait < 1 {
		t.Error(refused.status, refused.header, err)
	}
	if answer, err := other.try(http.MethodGet, "/codes", nil); err != nil || answer.status != http.StatusOK {
		t.Error("another client pays for it:", answer.status, err)
	}
	h.stop()
}
