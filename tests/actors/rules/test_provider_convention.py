"""A provider's numbers are read only as a person agreed."""

from actors.rules.provider_convention import ProviderConvention


def test_without_an_agreement_numbers_stay_as_sent() -> None:
    assert ProviderConvention().time_s(1_772_413_200) == 1_772_413_200
    assert ProviderConvention().lat_lon(x=106.05, y=20.65) == (20.65, 106.05)


def test_an_agreed_shift_and_exchange_are_taken_back() -> None:
    agreed = ProviderConvention(time_offset_s=25_200, swapped_axes=True)
    assert agreed.time_s(1_772_438_400) == 1_772_413_200
    assert agreed.lat_lon(x=20.65, y=106.05) == (20.65, 106.05)
