package app

import (
	"context"

	"cosmossdk.io/math"

	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// nodeService is the SDK's service of that name, with the price of gas that a transaction needs now: the node's own or the
// chain's, whichever is higher. Wallets ask there what to offer.
type nodeService struct {
	nodeservice.ServiceServer
	app *App
}

// Config implements nodeservice.ServiceServer.
func (s nodeService) Config(ctx context.Context, req *nodeservice.ConfigRequest) (*nodeservice.ConfigResponse, error) {
	res, err := s.ServiceServer.Config(ctx, req)
	if err != nil {
		return nil, err
	}
	price, err := s.app.FeemarketKeeper.GasPrice.Get(ctx)
	if err != nil {
		return nil, err
	}
	own := sdk.UnwrapSDKContext(ctx).MinGasPrices().AmountOf(BaseDenom)
	if offer := math.LegacyMaxDec(own, offered(price.Next)); offer.IsPositive() {
		res.MinimumGasPrice = sdk.NewDecCoins(sdk.NewDecCoinFromDec(BaseDenom, offer)).String()
	}
	return res, nil
}

// offered is a price that gets a transaction into one of the next blocks: eleven full ones raise the price to less than four
// times what it is.
func offered(next uint64) math.LegacyDec {
	return math.LegacyNewDecFromIntWithPrec(math.NewIntFromUint64(next).MulRaw(4), 9)
}
