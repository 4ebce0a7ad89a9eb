package portal

import (
	"encoding/json"
	"testing"
	"time"

	"example.org/passerelle/api/client"
	openapi "example.org/passerelle/api/http"
)

func TestEveryOperationOfTheAccessLogHasItsWords(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]struct {
			ID       string                            `json:"operationId"`
			Personal *struct{ Action, Purpose string } `json:"x-personal"`
		}
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	for _, methods := range document.Paths {
		for _, o := range methods {
			if o.Personal == nil {
				continue
			}
			if operationLabels[o.ID] == "" {
				t.Errorf("%s has no words in operationLabels", o.ID)
			}
			if purposeLabels[o.Personal.Purpose] == "" {
				t.Errorf("purpose %s of %s has no word in purposeLabels", o.Personal.Purpose, o.ID)
			}
		}
	}
}

func TestALineOfTheAccessLogSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)
	got := accessLineOf(client.AccessLine{
		At: at, Actor: "advisor-34", Role: "advisor referent", Purpose: "follow-up", Action: "search", What: "searchPersons",
		Persons: []string{"p1"}, Fields: []string{"name", "phone"},
	})
	want := accessLine{
		When: moment(at), Account: "advisor-34", Roles: "Conseil en agence, Référence de l'unité", What: "Recherche par nom, téléphone",
		Purpose: "suivi", Persons: "1\u00a0personne", Only: "p1",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
