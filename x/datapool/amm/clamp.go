package amm

import "github.com/holiman/uint256"

// ClampedAdvance moves a price that follows another one slowly, and its sum over
// time, by a span of seconds in which the other stood at target. The price moves
// towards target by slope each second and stays there:
//
//	slope    = max(1, floor(price*clampPPM/10^6)), fixed for the span
//	price(i) = min(target, price + slope*i)  upwards,  i = 1..seconds
//	price(i) = max(target, price - slope*i)  downwards
//
// newSum is sum + price(1) + ... + price(seconds), newPrice is price(seconds). With
// m = min(seconds, floor(|target - price|/slope)) seconds on the way, that is
//
//	newSum = sum + m*price ± slope*m*(m+1)/2 + (seconds - m)*target
//
// Both prices have 64 fractional bits. ErrTooLarge if a value does not fit
// into 256 bits: prices of pools are below 2^192, so with them only after 2^60
// seconds.
func ClampedAdvance(sum, price, target *Int, seconds uint64, clampPPM uint32) (newSum, newPrice Int, err error) {
	if seconds == 0 {
		return *sum, *price, nil
	}
	var slope, distance, way, rest, moved, z Int
	if !mulDiv(&slope, price, uint256.NewInt(uint64(clampPPM)), ppm) {
		return newSum, newPrice, ErrTooLarge
	}
	if slope.IsZero() {
		slope.SetOne()
	}
	up := target.Gt(price)
	if up {
		distance.Sub(target, price)
	} else {
		distance.Sub(price, target)
	}
	way.Div(&distance, &slope)
	span := uint256.NewInt(seconds)
	if way.Lt(span) {
		rest.Sub(span, &way)
		newPrice = *target
	} else {
		way = *span
		moved.Mul(&slope, &way) // at most the distance
		if up {
			newPrice.Add(price, &moved)
		} else {
			newPrice.Sub(price, &moved)
		}
	}
	// moved = slope*m*(m+1)/2: m(m+1)/2 is at most 2^127.
	z.AddUint64(&way, 1)
	z.Rsh(z.Mul(&z, &way), 1)
	if _, overflow := moved.MulOverflow(&slope, &z); overflow {
		return Int{}, Int{}, ErrTooLarge
	}
	if _, overflow := newSum.MulOverflow(price, &way); overflow {
		return Int{}, Int{}, ErrTooLarge
	}
	if up {
		if _, overflow := newSum.AddOverflow(&newSum, &moved); overflow {
			return Int{}, Int{}, ErrTooLarge
		}
	} else {
		// Each of the m prices is at least target, so the difference is not negative.
		newSum.Sub(&newSum, &moved)
	}
	if _, overflow := z.MulOverflow(target, &rest); overflow {
		return Int{}, Int{}, ErrTooLarge
	}
	if _, overflow := newSum.AddOverflow(&newSum, &z); overflow {
		return Int{}, Int{}, ErrTooLarge
	}
	if _, overflow := newSum.AddOverflow(&newSum, sum); overflow {
		return Int{}, Int{}, ErrTooLarge
	}
	return newSum, newPrice, nil
}
