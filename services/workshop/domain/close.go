package domain

import (
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// papers are what a labelled session needs before it closes.
var papers = []string{"content_plan", "evaluation", "impact_sheet"}

// ErrNotOver says that a session closes after its last meeting.
var ErrNotOver = refusal.New(refusal.Conflict, "not_over", "The last meeting is not over. Cancel the meetings that are left, or wait.")

// MissingPapers are the papers that a labelled session still needs.
func (w Workshop) MissingPapers() (missing []string) {
	if !w.plan.Labelled {
		return nil
	}
	for _, kind := range papers {
		if !slices.ContainsFunc(w.papers, func(p events.PaperFiled) bool { return p.Kind == kind }) {
			missing = append(missing, kind)
		}
	}
	return missing
}

// Papers are those that are there; the list is not to be changed.
func (w Workshop) Papers() []events.PaperFiled { return w.papers }

// filed is the session with a paper more, or another one of its kind.
func (w Workshop) filed(e events.PaperFiled) Workshop {
	w.papers = append(slices.DeleteFunc(slices.Clone(w.papers), func(p events.PaperFiled) bool { return p.Kind == e.Kind }), e)
	return w
}

// errPapers names what is missing, for a person and for a program.
func errPapers(missing []string) error {
	refused := refusal.New(refusal.Conflict, "papers_missing",
		"A labelled session closes when its papers are there. Missing: "+strings.Join(missing, ", ")+".")
	return refused.With("missing_papers", missing)
}

// Close ends a session whose meetings are over.
type Close struct{ Change }

// Decide looks at the papers of a labelled one first.
func (c Close) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	_, last := w.span()
	switch missing := w.MissingPapers(); {
	case w.Status == "closed":
		return nil, nil
	case !w.begun(c.At):
		return nil, ErrNotBegun
	case c.At.Before(last):
		return nil, ErrNotOver
	case len(missing) > 0:
		return nil, errPapers(missing)
	}
	t := w.decide(c.SessionID, c.At)
	t.start()
	t.tell(events.SessionClosed{SessionID: c.SessionID, By: c.By, At: c.At})
	return t.facts, nil
}

// FilePaper says that one of the papers is there.
type FilePaper struct {
	Change

	Kind, Title string
}

// Decide files it; a second one of the same kind takes its place.
func (c FilePaper) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	var faults refusal.Faults
	if !slices.Contains(papers, c.Kind) {
		faults = append(faults, refusal.Fault{Field: "kind", Code: "not_in_list", Detail: "A paper is a content plan, an evaluation or an impact sheet."})
	}
	if strings.TrimSpace(c.Title) == "" {
		faults = append(faults, refusal.Fault{Field: "title", Code: "required", Detail: "Say what the paper is called, or where it is kept."})
	}
	if err := faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.PaperFiled{SessionID: c.SessionID, Kind: c.Kind, Title: strings.TrimSpace(c.Title), By: c.By, At: c.At})
}

// Presented are the services that the animators have presented.
func (w Workshop) Presented() []string { return w.presented }

// PresentServices says which services the animators have presented.
type PresentServices struct {
	Change

	Services []string
}

// Decide keeps the list.
func (c PresentServices) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	if !w.begun(c.At) {
		return nil, ErrNotBegun
	}
	for _, s := range c.Services {
		if !slices.Contains(reference.PresentedServices(), s) {
			return nil, refusal.Faults{{Field: "services", Code: "not_in_list", Detail: "Choose the services of the list."}}
		}
	}
	return tell(events.ServicesPresented{SessionID: c.SessionID, Services: orNone(c.Services), By: c.By, At: c.At})
}
