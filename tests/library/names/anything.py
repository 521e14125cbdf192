"""Any name there may be: random Unicode, and what stands in names thrown together."""

from hypothesis import strategies as st

SIGNS = "0123456789vcVC#.-_ ()[]{}第巻話화'!+&,x½٣"
WORDS = (
    "vol. chapter ch v c # 12 012.5 - – _ ( ) [ ] 2019 special omake of 第 巻 話 全 SP Edition"
    " Том Глава 2nd night tbd IV x1 + & : digital en Lamp .cbz s01e02 c2c"
)
CHARACTERS = st.sampled_from(SIGNS) | st.characters(exclude_characters="/")
NAMES = st.text(CHARACTERS, max_size=60) | st.lists(
    st.sampled_from(WORDS.split()), max_size=14
).map(" ".join)
