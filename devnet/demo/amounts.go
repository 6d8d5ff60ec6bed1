package main

import (
	"cosmossdk.io/math"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// alita writes an amount of ualita for people.
func alita(amount math.Int) string { return units(amount) + " ALITA" }

// units writes a base amount in whole coins of six decimals.
func units(amount math.Int) string { return datapooltypes.FormatUnits(amount, datapooltypes.Decimals) }
