package services

import "github.com/extraeye/extraeye/internal/wire"

// Owned is what the teams own, for the notifier's table.
func Owned(teams []Team) (all []wire.Owned) {
	for t, team := range teams {
		for _, service := range team.Services {
			for _, list := range service.Names() {
				for _, name := range list.Names {
					all = append(all, wire.Owned{Thing: wire.Thing{Kind: list.Kind, Name: name}, Team: t, Service: service.Name})
				}
			}
		}
	}
	return all
}
