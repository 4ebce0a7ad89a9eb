package domain

import (
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// LinkRecording says where a session can be watched afterwards.
type LinkRecording struct {
	Change

	URL string // empty: nowhere any more
}

// Decide is for sessions at a distance that have begun. The link is public: nothing in it lets somebody in.
func (c LinkRecording) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	url, code, detail := strings.TrimSpace(c.URL), "", ""
	switch {
	case w.Mode != "webinar" && w.Mode != "video" && w.Mode != "hybrid":
		code, detail = "not_at_a_distance", "Only a session at a distance is recorded."
	case url != "" && !isPublic(url):
		code, detail = "not_https", "Give an address that begins with https://, without a name or a password in it."
	case !w.begun(c.At):
		return nil, ErrNotBegun
	}
	if code != "" {
		return nil, refusal.Faults{{Field: "url", Code: code, Detail: detail}}
	}
	if url == w.recording {
		return nil, nil
	}
	return tell(events.RecordingLinked{SessionID: c.SessionID, URL: url, By: c.By, At: c.At})
}

// isPublic: an address on the web that anybody may open.
func isPublic(url string) bool {
	rest, https := strings.CutPrefix(url, "https://")
	host, _, _ := strings.Cut(rest, "/")
	return https && strings.Contains(host, ".") && !strings.ContainsAny(host, "@?#\"'<>") && !strings.ContainsFunc(url, isControl)
}

func isControl(r rune) bool { return r <= ' ' || r == 0x7f }

// Recording is where the session can be watched, empty where nobody said so.
func (w Workshop) Recording() string { return w.recording }
