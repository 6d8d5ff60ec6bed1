package tx

import (
	"context"

	"google.golang.org/grpc"

	"cosmossdk.io/math"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

const (
	baseDenom = datapooltypes.BaseDenom
	// dataTokens stands for the Data Token of a pool that is not known. All have the same decimals.
	dataTokens = "Data Tokens"
)

// units are the units in which people count coins, as the bank knows them.
type units struct {
	ctx  context.Context
	conn grpc.ClientConnInterface
}

// format writes an amount of a coin in its unit, as in "1.5 ALITA"; in the base unit
// if the node does not know another one.
func (u units) format(denom, amount string) string {
	v, ok := math.NewIntFromString(amount)
	if !ok {
		return amount + denom
	}
	switch denom {
	case baseDenom:
		return datapooltypes.FormatUnits(v, datapooltypes.Decimals) + " " + datapooltypes.DisplaySymbol
	case dataTokens:
		return datapooltypes.FormatUnits(v, datapooltypes.Decimals) + " " + dataTokens
	}
	res, err := banktypes.NewQueryClient(u.conn).DenomMetadataByQueryString(u.ctx, &banktypes.QueryDenomMetadataByQueryStringRequest{Denom: denom})
	if err == nil {
		for _, unit := range res.Metadata.DenomUnits {
			// More decimals than an amount can have are no unit.
			if unit.Denom == res.Metadata.Display && unit.Exponent <= 77 {
				return datapooltypes.FormatUnits(v, int(unit.Exponent)) + " " + res.Metadata.Display
			}
		}
	}
	return amount + " " + denom
}
