import { describe, expect, it } from '@jest/globals';
import { updateAddressesOf } from './update-address.js';

describe('the address of the small text beside a trust list', () => {
  it.each([
    ['https://tsl.example/lists/basic.xml', ['https://tsl.example/lists/basic.upd']],
    ['http://tsl.example/TSL_OFTP2.XML', ['http://tsl.example/TSL_OFTP2.upd', 'http://tsl.example/TSL_OFTP2.UPD']],
    ['http://tsl.example/a.xml?v=1', ['http://tsl.example/a.upd?v=1']],
    ['http://tsl.example/list', []],
    ['http://tsl.example/xml', []],
    ['no address', []],
  ])('of %s is %j', (address, expected) => {
    expect(updateAddressesOf(address)).toEqual(expected);
  });
});
