package keeper

import "github.com/alita-network/alita/x/metadata/types"

// msgServer is the Msg service. Each message has its handler in a file whose name begins with msg_: it checks
// the message in full before it writes. What handlers share with queries and other modules is the keeper's.
type msgServer struct{ *Keeper }

// NewMsgServer returns the Msg service of the module.
func NewMsgServer(k *Keeper) types.MsgServer { return msgServer{k} }
