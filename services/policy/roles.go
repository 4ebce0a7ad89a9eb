package policy

import "example.org/passerelle/pkg/directory"

// RoleName is what a role is called on screen.
func RoleName(role directory.Role) string { return roleNames[role] }

var roleNames = map[directory.Role]string{
	adv: "Conseiller d'agence ou d'unité", pho: "Conseiller de la plateforme téléphonique", eva: "Évaluateur", ref: "Référent d'unités",
	prt: "Chargé de partenariats", prv: "Prestataire", equ: "Gestionnaire du matériel", fun: "Chargé de financement", ana: "Analyste",
	adm: "Administrateur", pri: "Délégué à la protection des données", par: "Organisme partenaire",
}
