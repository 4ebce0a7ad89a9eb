package domain

import (
	"testing"

	"example.org/passerelle/api/events"
)

// TestH1_ARecordedSessionSaysWhereItCanBeWatched: of a webinar that has begun, at a public address; a later one takes its place.
func TestH1_ARecordedSessionSaysWhereItCanBeWatched(t *testing.T) {
	t.Parallel()
	webinar := session(func(s *events.SessionPlanned) { s.Mode, s.Capacity = "webinar", 0 })
	link := func(url string) LinkRecording { return LinkRecording{change(first), url} }
	linked := func(url string) events.RecordingLinked {
		return events.RecordingLinked{SessionID: "s1", URL: url, By: "provider-a", At: first}
	}
	const one, other = "https://video.example.org/premiers-pas", "https://video.example.org/suite?t=1"
	c := given(t, webinar)
	c.When(LinkRecording{change(noon), one}).Refused(ErrNotBegun)
	c = c.When(link(" " + one + " ")).Then(linked(one))
	c.When(link(one)).Then() // the button was pressed twice
	c = c.When(link(other)).Then(linked(other))
	if got := c.State.Recording(); got != other {
		t.Error(got)
	}
	c.When(link("")).Then(linked(""))
	for _, wrong := range []string{
		"http://video.example.org/a", "video.example.org", "javascript:alert(1)", "https://", "https://exemple", "https://anna:secret@video.example.org/a",
		"https://video.example.org/a b", "https://video.example.org/\na", `https://video.example.org"onclick=x/`,
	} {
		c.When(link(wrong)).Faults("url not_https")
	}
	given(t, two).When(link(one)).Faults("url not_at_a_distance")
}
