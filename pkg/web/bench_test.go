package web

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	openapi "example.org/passerelle/api/http"
)

// BenchmarkAFlagBody is the way of a body from the network to the handler: read, hash, check, decode.
func BenchmarkAFlagBody(b *testing.B) {
	s, err := New(Config{Document: openapi.Document(), Secret: []byte("published test secret")})
	if err != nil {
		b.Fatal(err)
	}
	var o *operation
	for _, one := range s.operations["detection"] {
		if one.id == "createFlag" {
			o = one
		}
	}
	body := []byte(`{"programme":"reperage-lr","finding_date":"2021-11-15","channel":"agency","desk":null,"first_contact":"social_worker","person_id":null,
"person":{"given_name":"Camille","family_name":"Exemple","birth_name":null,"birth_date":"1958-03-02","sex":"F","phone":"+33467000000","email":null,"language":"fr","nir":null,"address":{"street":"3 rue de la Loge","postcode":"34000","insee":"34172"}},
"helper":{"name":"Dominique Exemple","relation":"child","phone":"+33467000001","may_be_told":true,"calls_first":false},"consents":{"study":true,"referral":true,"text_version":null,"given":"oral","by":"person"},
"answers":{"institution":"carsat_retraite","network_coverage":true,"equipment":false,"equipment_kinds":[],"financial_problem":true,"difficulty":true,"difficulty_reason":"appropriation","help_place":["no"],"training_need":true,"description":"N'a jamais créé son espace personnel"},
"profile":{"family_situation":"single","occupation":"retired","sick_leave":false},"needs":{"deadline":null,"rights_at_risk":null,"skills":[],"access":[],"travel":"any","availability":["tue_am"],"modes":[],"loan_wanted":null,"isolated":null,"precarious":null,"gir":null},"context":[]}`)
	x := &exchange{method: "POST", path: "/api/v1/flags"}
	for name, decode := range map[string]bool{"checked": false, "checked-and-decoded": true} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/api/v1/flags", bytes.NewReader(body))
			r.Header.Set("Content-Type", jsonType)
			for b.Loop() {
				r.Body = io.NopCloser(bytes.NewReader(body))
				if err := s.readBody(o, x, r); err != nil {
					b.Fatal(err)
				}
				if decode {
					var flag flag
					if err := json.NewDecoder(r.Body).Decode(&flag); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// flag has the shape of the generated type.
type flag struct {
	Programme, FindingDate                    string
	Channel, Desk, FirstContact               *string
	Person                                    *map[string]any
	Helper, Consents, Answers, Profile, Needs *map[string]any
	Context                                   []string
}
