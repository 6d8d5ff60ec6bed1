// Package fees lets random transactions offer random fees.
package fees

import (
	"errors"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// Random returns a registry whose messages may be refused for a fee in another coin than ualita: the simulation offers any coin that the
// sender has.
func Random(reg simsx.Registry) simsx.Registry { return registry{reg} }

type registry struct{ simsx.Registry }

func (r registry) Add(weight uint32, f simsx.SimMsgFactoryX) { r.Registry.Add(weight, factory{f}) }

type factory struct{ simsx.SimMsgFactoryX }

// DeliveryResultHandler implements simsx.SimMsgFactoryX.
func (f factory) DeliveryResultHandler() simsx.SimDeliveryResultHandler {
	return func(err error) error {
		if errors.Is(err, feemarkettypes.ErrFeeDenom) {
			return nil
		}
		return f.SimMsgFactoryX.DeliveryResultHandler()(err)
	}
}
