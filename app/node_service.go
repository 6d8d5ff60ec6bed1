package app

import (
	"context"

	"cosmossdk.io/math"

	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	sdk "github.com/cosmos/cosmos-sdk/types"

	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
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
	params, err := s.app.FeemarketKeeper.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	own := sdk.UnwrapSDKContext(ctx).MinGasPrices().AmountOf(BaseDenom)
	if offer := math.LegacyMaxDec(own, offered(params, price.Next)); offer.IsPositive() {
		res.MinimumGasPrice = sdk.NewDecCoins(sdk.NewDecCoinFromDec(BaseDenom, offer)).String()
	}
	return res, nil
}

// offered is a price that a transaction can offer to get into one of the next blocks. While blocks are not full the price
// stays at the least one. Above it full blocks may have raised it further when the transaction arrives: three of them by less than a half.
func offered(params feemarkettypes.Params, next uint64) math.LegacyDec {
	price := math.NewIntFromUint64(next)
	if next > params.MinGasPrice {
		price = price.MulRaw(3).AddRaw(1).QuoRaw(2)
	}
	return math.LegacyNewDecFromIntWithPrec(price, 9)
}
