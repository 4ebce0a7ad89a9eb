package portal

import (
	"context"
	"sync"
	"time"

	"example.org/passerelle/api/client"
)

const labelsLast = time.Minute

// labels are the French words for codes and identifiers, as the REST surface gives them.
type labels struct {
	now  func() time.Time
	mu   sync.Mutex
	read time.Time
	words
}

// words by list and code.
type words struct {
	directory

	lists map[string][]client.Code
	known map[string]map[string]string
}

func newLabels(now func() time.Time) *labels { return &labels{now: now} }

// words reads the labels again when they are old.
func (v *visit) words() (words, error) {
	l := v.labels
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Sub(l.read) < labelsLast {
		return l.words, nil
	}
	w, err := readWords(v.ctx, v.api)
	if err == nil {
		l.words, l.read = w, l.now()
	}
	return w, err
}

func readWords(ctx context.Context, api *client.ClientWithResponses) (words, error) {
	w := words{lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	codes, err := api.GetCodesWithResponse(ctx)
	if err != nil {
		return w, err
	}
	for _, list := range codes.JSON200.Lists {
		w.add(list.Name, list.Codes)
	}
	w.direct()
	return w, nil
}

func (w words) add(name string, codes []client.Code) {
	w.lists[name], w.known[name] = codes, map[string]string{}
	for _, c := range codes {
		w.known[name][c.Code] = c.Label
	}
}

// of is the word for a code, the code itself where there is none.
func (w words) of(list, code string) string {
	if label, ok := w.known[list][code]; ok {
		return label
	}
	return code
}

// all are the words for several codes.
func (w words) all(list string, codes []string) []string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = w.of(list, c)
	}
	return texts
}
