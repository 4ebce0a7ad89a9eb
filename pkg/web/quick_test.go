package web

import (
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/web/strict"
)

func TestEveryBodyOfTheDocumentHasAQuickCheck(t *testing.T) {
	t.Parallel()
	services, err := readDocument(openapi.Document())
	if err != nil {
		t.Fatal(err)
	}
	for _, operations := range services {
		for _, o := range operations {
			if o.body != nil && o.quick == nil {
				t.Errorf("%s has none", o.id)
			}
		}
	}
}

// FuzzQuick: what the quick check lets through, the schema lets through.
func FuzzQuick(f *testing.F) {
	services, err := readDocument(openapi.Document())
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		`{}`, `null`, `7`, `{"programme":"a","finding_date":"2021-11-15"}`, `{"programme":"a","finding_date":"2021-02-30"}`,
		`{"programme":"a","finding_date":"2021-11-15","channel":null,"needs":{"gir":7,"skills":["internet",null]},"x":1}`,
		`{"programme":"a","finding_date":"2021-11-15","profile":{"age":1.5,"sex":"X"},"answers":{"help_place":[]},"context":[""]}`,
		`{"reason":"date"}`, `{"reason":"other","message":null}`, `{"pool":"p","kind":"tablet","asset_tag":"T"}`,
		`{"provider_id":"p","title":"t","mode":"webinar","meetings":[{"starts_at":"2021-12-06T09:30:00+01:00","ends_at":"2021-12-06T11:30:00Z"}],"audience":{"gir":0}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, faults, err := strict.Read(text)
		if err != nil || faults != nil {
			return
		}
		for _, operations := range services {
			for _, o := range operations {
				if o.quick != nil && o.quick.fits(value) && o.body.Validate(value) != nil {
					t.Errorf("%s: %s passes the quick check only", o.id, text)
				}
			}
		}
	})
}
