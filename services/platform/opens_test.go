package platform

import (
	"os"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
)

// TestWhoOpensWhatIsWrittenDown: docs/who-reads-what.md says exactly what the services are handed.
func TestWhoOpensWhatIsWrittenDown(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/who-reads-what.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]string{}
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			written[strings.TrimSpace(cells[1])] = cells[2]
		}
	}
	for service, names := range opens {
		cell, ok := written[service]
		if !ok {
			t.Errorf("%s is not on the page", service)
		}
		for _, name := range events.Names() {
			short := strings.Split(name, ".")[1]
			if strings.Contains(cell, short) != slices.Contains(names, name) {
				t.Errorf("%s and %s: the page says %q", service, name, strings.TrimSpace(cell))
			}
		}
	}
	for _, s := range services {
		if _, ok := opens[s.name]; !ok {
			t.Errorf("nothing says what %s opens", s.name)
		}
	}
}
