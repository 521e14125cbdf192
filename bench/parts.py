"""What made-up titles are put together from: each part as it is written in Japanese, in romaji
and in English, so that a work is called by all three. Our own lists."""

# ruff: noqa: SIM905 - lists of words read best as text

THINGS = [
    tuple(row.split(":"))
    for row in (
        "月:tsuki:moon 塔:tou:tower 海:umi:sea 森:mori:forest 星:hoshi:star 雪:yuki:snow"
        " 雨:ame:rain 風:kaze:wind 影:kage:shadow 声:koe:voice 夢:yume:dream 旅:tabi:journey"
        " 猫:neko:cat 狐:kitsune:fox 竜:ryuu:dragon 鬼:oni:ogre 神:kami:god 庭:niwa:garden"
        " 橋:hashi:bridge 駅:eki:station 町:machi:town 島:shima:island 鏡:kagami:mirror"
        " 剣:ken:sword 歌:uta:song 手紙:tegami:letter 学校:gakkou:school 約束:yakusoku:promise"
        " 図書館:toshokan:library 探偵:tantei:detective 物語:monogatari:tale 日記:nikki:diary"
        " 王国:oukoku:kingdom 魔法:mahou:magic 時計:tokei:clock 電車:densha:train"
        " 花火:hanabi:fireworks 灯台:toudai:lighthouse 人形:ningyou:doll 工房:koubou:workshop"
        " ほたる:hotaru:firefly さくら:sakura:cherry りんご:ringo:apple うさぎ:usagi:rabbit"
        " くじら:kujira:whale からす:karasu:crow つばめ:tsubame:swallow きのこ:kinoko:mushroom"
        " ともだち:tomodachi:friend ひみつ:himitsu:secret おばけ:obake:ghost ゆうれい:yuurei:spirit"
        " カメラ:kamera:camera ロボット:robotto:robot ピアノ:piano:piano ホテル:hoteru:hotel"
        " レストラン:resutoran:restaurant ダンス:dansu:dance エンジン:enjin:engine"
    ).split()
]
TRAITS = [
    tuple(row.split(":"))
    for row in (
        "赤い:akai:red 青い:aoi:blue 白い:shiroi:white 黒い:kuroi:black 古い:furui:old"
        " 静かな:shizukana:quiet 遠い:tooi:distant 小さな:chiisana:little 最後の:saigo_no:last"
        " 七つの:nanatsu_no:seven 夜の:yoru_no:nightly 夏の:natsu_no:summer 冬の:fuyu_no:winter"
        " 眠る:nemuru:sleeping 歌う:utau:singing 消えた:kieta:lost 不思議な:fushigina:strange"
        " ふたりの:futari_no:twin きれいな:kireina:pretty やさしい:yasashii:gentle"
        " あたらしい:atarashii:new とおくの:tooku_no:faraway わすれた:wasureta:forgotten"
    ).split()
]
SYLLABLES = "ka ki ku ko sa shi su se so ta te to na ni no ha hi ma mi mu me mo ya yu yo".split()
SYLLABLES += "ra ri ru re ro chi tsu fu ga gi go".split()
FAMILY = "Hoshina Kurata Minegishi Tobari Aoyagi Segawa Nakahira Oriyama Wakui Isurugi".split()
FAMILY += "Kanzaki Morikubo Yagiri Hatanaka Sugisawa Tateno Uchimura Enokida Rokuda".split()
GIVEN = "Ibuki Mika Sora Toru Akane Jun Rei Kaoru Nagi Haru Tsubasa Yui Makoto Hinata".split()
GROUPS = "SleepyFox Scans|Paper Lantern|Harbor Scanlations|NightTrain|Quiet Tea Subs".split("|")
# Sounds of romaji in Cyrillic letters, the longest first.
CYRILLIC = dict(
    pair.split(":")
    for pair in (
        "shi:си chi:ти tsu:цу ya:я yu:ю yo:ё ji:дзи fu:фу za:дза wa:ва a:а i:и u:у e:э o:о k:к g:г"
        " s:с z:дз t:т d:д n:н h:х b:б p:п m:м r:р y:й w:в f:ф c:к j:дж"
    ).split()
)
