/** Names that Slack has for emoji and node-emoji has not: name and character, one after the other. */
export const SLACK_EMOJI = `
keycap_star *️⃣ gb 🇬🇧 moon 🌔 mostly_sunny 🌤️ sun_small_cloud 🌤️ barely_sunny 🌥️
sun_behind_cloud 🌥️ partly_sunny_rain 🌦️ rain_cloud 🌧️ snow_cloud 🌨️ lightning 🌩️
lightning_cloud 🌩️ tornado_cloud 🌪️ wind_blowing_face 🌬️ brown_mushroom 🍄‍🟫 lime 🍋‍🟩 cooking 🍳
knife_fork_plate 🍽️ medal 🎖️ film_frames 🎞️ admission_tickets 🎟️ runner 🏃‍♂️ running 🏃‍♂️
surfer 🏄‍♂️ sports_medal 🏅 swimmer 🏊‍♂️ weight_lifter 🏋️‍♂️ golfer 🏌️‍♂️ racing_motorcycle 🏍️
cricket_bat_and_ball 🏏 snow_capped_mountain 🏔️ beach_with_umbrella 🏖️ house_buildings 🏘️
derelict_house_building 🏚️ lantern 🏮 rainbow-flag 🏳️‍🌈 transgender_flag 🏳️‍⚧️ waving_white_flag 🏳️
waving_black_flag 🏴 black_cat 🐈‍⬛ service_dog 🐕‍🦺 bee 🐝 ladybug 🐞 lady_beetle 🐞 phoenix 🐦‍🔥
black_bird 🐦‍⬛ flipper 🐬 polar_bear 🐻‍❄️ feet 🐾 eye-in-speech-bubble 👁️‍🗨️ punch 👊 thumbsup 👍
thumbsdown 👎 shirt 👕 shoe 👞 family 👨‍👩‍👦 men_holding_hands 👬 women_holding_hands 👭 cop 👮‍♂️
dancers 👯‍♀️ construction_worker 👷‍♂️ information_desk_person 💁‍♀️ massage 💆‍♀️ haircut 💇‍♀️
couplekiss 💏 couple_with_heart 💑 collision 💥 hankey 💩 shit 💩 book 📖 pencil 📝 satellite_antenna 📡
camera_with_flash 📸 knife 🔪 om_symbol 🕉️ dove_of_peace 🕊️ sleuth_or_spy 🕵️‍♂️ linked_paperclips 🖇️
lower_left_ballpoint_pen 🖊️ lower_left_fountain_pen 🖋️ lower_left_paintbrush 🖌️ lower_left_crayon 🖍️
middle_finger 🖕 spock-hand 🖖 three_button_mouse 🖱️ frame_with_picture 🖼️ spiral_note_pad 🗒️
spiral_calendar_pad 🗓️ compression 🗜️ rolled_up_newspaper 🗞️ dagger_knife 🗡️
ballot_box_with_ballot 🗳️ satisfied 😆 face_exhaling 😮‍💨 face_with_spiral_eyes 😵‍💫
face_in_clouds 😶‍🌫️ head_shaking_vertically 🙂‍↕️ face_with_rolling_eyes 🙄 no_good 🙅‍♀️ bow 🙇
raising_hand 🙋‍♀️ car 🚗 rowboat 🚣‍♂️ bicyclist 🚴‍♂️ mountain_bicyclist 🚵‍♂️ walking 🚶‍♂️
sleeping_accommodation 🛌 shopping_bags 🛍️ octagonal_sign 🛑 shopping_trolley 🛒 hindu_temple 🛕 hut 🛖
elevator 🛗 wireless 🛜 playground_slide 🛝 wheel 🛞 ring_buoy 🛟 airplane_departure 🛫
airplane_arriving 🛬 scooter 🛴 auto_rickshaw 🛺 pickup_truck 🛻 roller_skate 🛼 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_purple_circle 🟣 large_brown_circle 🟤
large_red_square 🟥 large_blue_square 🟦 large_orange_square 🟧 large_yellow_square 🟨
large_green_square 🟩 large_purple_square 🟪 large_brown_square 🟫 heavy_equals_sign 🟰
pinched_fingers 🤌 white_heart 🤍 brown_heart 🤎 pinching_hand 🤏 thinking_face 🤔 robot_face 🤖
hugging_face 🤗 the_horns 🤘 sign_of_the_horns 🤘 left-facing_fist 🤛 right-facing_fist 🤜
i_love_you_hand_sign 🤟 face_with_cowboy_hat 🤠 face_palm 🤦 face_with_raised_eyebrow 🤨 star-struck 🤩
zany_face 🤪 shushing_face 🤫 face_vomiting 🤮 breast-feeding 🤱 palms_up_together 🤲
mother_christmas 🤶 shrug 🤷 juggling 🤹 fencer 🤺 wrestlers 🤼 water_polo 🤽 handball 🤾 diving_mask 🤿
drum_with_drumsticks 🥁 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 glass_of_milk 🥛
kiwifruit 🥝 cut_of_meat 🥩 leafy_green 🥬 yawning_face 🥱 smiling_face_with_tear 🥲 partying_face 🥳
woozy_face 🥴 hot_face 🥵 cold_face 🥶 ninja 🥷 disguised_face 🥸 face_holding_back_tears 🥹
pleading_face 🥺 sari 🥻 lab_coat 🥼 womans_flat_shoe 🥿 lion_face 🦁 unicorn_face 🦄 giraffe_face 🦒
zebra_face 🦓 mammoth 🦣 dodo 🦤 sloth 🦥 otter 🦦 orangutan 🦧 skunk 🦨 flamingo 🦩 oyster 🦪 beaver 🦫
bison 🦬 seal 🦭 guide_dog 🦮 probing_cane 🦯 superhero 🦸 supervillain 🦹 safety_vest 🦺
ear_with_hearing_aid 🦻 motorized_wheelchair 🦼 manual_wheelchair 🦽 mechanical_arm 🦾 mechanical_leg 🦿
cheese_wedge 🧀 beverage_box 🧃 garlic 🧄 onion 🧅 falafel 🧆 waffle 🧇 butter 🧈 mate_drink 🧉
ice_cube 🧊 bubble_tea 🧋 troll 🧌 standing_person 🧍 kneeling_person 🧎 deaf_woman 🧏‍♀️ deaf_man 🧏‍♂️
deaf_person 🧏 face_with_monocle 🧐 farmer 🧑‍🌾 cook 🧑‍🍳 mx_claus 🧑‍🎄 student 🧑‍🎓 singer 🧑‍🎤
artist 🧑‍🎨 teacher 🧑‍🏫 factory_worker 🧑‍🏭 technologist 🧑‍💻 office_worker 🧑‍💼 mechanic 🧑‍🔧
scientist 🧑‍🔬 astronaut 🧑‍🚀 firefighter 🧑‍🚒 health_worker 🧑‍⚕️ judge 🧑‍⚖️ pilot 🧑‍✈️ mage 🧙‍♀️
fairy 🧚‍♀️ vampire 🧛‍♀️ merperson 🧜‍♂️ elf 🧝‍♂️ genie 🧞‍♂️ zombie 🧟‍♂️ billed_cap 🧢 bricks 🧱
roll_of_paper 🧻 ballet_shoes 🩰 one-piece_swimsuit 🩱 briefs 🩲 shorts 🩳 thong_sandal 🩴
light_blue_heart 🩵 grey_heart 🩶 pink_heart 🩷 drop_of_blood 🩸 adhesive_bandage 🩹 stethoscope 🩺
x-ray 🩻 crutch 🩼 yo-yo 🪀 kite 🪁 parachute 🪂 boomerang 🪃 magic_wand 🪄 pinata 🪅 nesting_dolls 🪆
maracas 🪇 flute 🪈 ringed_planet 🪐 chair 🪑 razor 🪒 axe 🪓 diya_lamp 🪔 banjo 🪕 military_helmet 🪖
accordion 🪗 long_drum 🪘 coin 🪙 carpentry_saw 🪚 screwdriver 🪛 ladder 🪜 hook 🪝 mirror 🪞 window 🪟
plunger 🪠 sewing_needle 🪡 knot 🪢 bucket 🪣 mouse_trap 🪤 toothbrush 🪥 headstone 🪦 placard 🪧
rock 🪨 mirror_ball 🪩 identification_card 🪪 low_battery 🪫 hamsa 🪬 folding_hand_fan 🪭 hair_pick 🪮
khanda 🪯 fly 🪰 worm 🪱 cockroach 🪳 potted_plant 🪴 wood 🪵 feather 🪶 lotus 🪷 coral 🪸 empty_nest 🪹
nest_with_eggs 🪺 hyacinth 🪻 jellyfish 🪼 wing 🪽 goose 🪿 anatomical_heart 🫀 lungs 🫁 pregnant_man 🫃
pregnant_person 🫄 moose 🫎 donkey 🫏 blueberries 🫐 bell_pepper 🫑 olive 🫒 flatbread 🫓 tamale 🫔
fondue 🫕 teapot 🫖 pouring_liquid 🫗 beans 🫘 jar 🫙 ginger_root 🫚 pea_pod 🫛 melting_face 🫠
saluting_face 🫡 face_with_peeking_eye 🫣 face_with_diagonal_mouth 🫤 dotted_line_face 🫥 biting_lip 🫦
bubbles 🫧 shaking_face 🫨 rightwards_hand 🫱 leftwards_hand 🫲 palm_down_hand 🫳 palm_up_hand 🫴
heart_hands 🫶 leftwards_pushing_hand 🫷 rightwards_pushing_hand 🫸 eject ⏏️ double_vertical_bar ⏸️
black_square_for_stop ⏹️ black_circle_for_record ⏺️ telephone ☎️ umbrella_with_rain_drops ☔
radioactive_sign ☢️ biohazard_sign ☣️ white_frowning_face ☹️ medical_symbol ⚕️ staff_of_aesculapius ⚕️
scales ⚖️ transgender_symbol ⚧️ snowman_without_snow ⛄ thunder_cloud_and_rain ⛈️
helmet_with_white_cross ⛑️ broken_chain ⛓️‍💥 umbrella_on_ground ⛱️ boat ⛵ envelope ✉️ hand ✋
heavy_exclamation_mark ❗ heart_on_fire ❤️‍🔥 mending_heart ❤️‍🩹
`;
